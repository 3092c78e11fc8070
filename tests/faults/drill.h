// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "load.h"

#include <QProcess>
#include <QString>
#include <QTemporaryDir>
#include <QtTest>
#include <functional>
#include <memory>
#include <string>

namespace faults {

/// psql on a database: independent of the code that is judged. Statements may hold COPY … FROM STDIN with its data.
class Sql {
public:
    explicit Sql(QString url) : m_url(std::move(url)) {}
    /// The answer's fields; 'psql: …' with what went wrong otherwise.
    QString ask(const QString& statements) const;
    qint64 number(const QString& statements) const { return ask(statements).toLongLong(); }

private:
    QString m_url;
};

/// True as soon as `done` is; false when `limit` has passed.
bool waitUntil(const std::function<bool()>& done, std::chrono::milliseconds limit = std::chrono::seconds(20));

/// Every drill must come out with zeros, whatever was killed.
struct Judgement {
    qint64 lost = 0;       ///< acknowledged, and neither stored nor dead-lettered
    qint64 twice = 0;      ///< stored twice
    qint64 uncounted = 0;  ///< messages of the topic less messages polled in committed batches
    qint64 identity = 0;   ///< D8: polled − stored − duplicates − dead-lettered
    qint64 miscounted = 0; ///< |rows − stored| + |dead letters − counted as such|
    qint64 unreported = 0; ///< K2: messages that were sent, less those with exactly one report
    qint64 duplicates = 0; ///< counted, less those that were sent on purpose: events that were replayed

    QString text() const;
};

/// The line that each row of the table prints: what was injected, what became of it, and how long it took since
/// `start`.
void report(const char* row, const QString& injected, const Judgement& judgement,
            std::chrono::steady_clock::time_point start);

/// All rows in full, not the quick ones: MILLRACE_ALL.
bool inFull();
/// The seeds of a random row: that of MILLRACE_SEED, else 1, in full 1 to 20.
std::vector<int> seeds();

struct ConsumerWish {
    QString crash{};               ///< see CrashPlan
    bool rememberTooEarly = false; ///< the mutation of D1
    QString dedupe{};              ///< another Redis than the stack's
    bool deadLetterTopic = false;  ///< instead of the store's table
    int batch = 500;
    int lingerMs = 5;
    int sessionTimeoutMs = 1'000; ///< the broker's least must allow it, so that a killed consumer is missed soon
};

/// One load, one topic, one schema and the consumers that are killed meanwhile, on the test stack's servers.
class Drill {
public:
    /// Nothing, and the test has failed, where a server is missing. `store`: another PostgreSQL than the stack's.
    static std::unique_ptr<Drill> create(const QString& store = {});
    /// On a mock cluster that has this topic, with 4 partitions, and the test stack's other servers.
    static std::unique_ptr<Drill> createOnMock(const std::string& broker, const QString& topic);
    ~Drill();

    std::unique_ptr<QProcess> startConsumer(const QString& name, const ConsumerWish& wish = {});
    void startLoad(double perSecond = 3'000, std::uint64_t seed = 1, std::map<std::string, std::string> client = {});
    void finishLoad() { m_load->finish(); }

    /// Holds every batch's transaction until openGate(): after its last statement, inside COMMIT, or after its dead
    /// letters were written (only batches that have some).
    enum class Gate { Statement, Commit, DeadLetters };
    void closeGate(Gate gate);
    bool waitForBatchAtGate() const;
    void openGate();
    /// Locks the table of events, alone, for that long; returns when the lock is held.
    std::unique_ptr<QProcess> lockTable(std::chrono::seconds length) const;

    qint64 stored() const;                          ///< rows now
    qint64 polledBy(const QString& consumer) const; ///< in committed batches
    qint64 position() const;                        ///< sum of the stored offsets
    qint64 logEnd() const;                          ///< sum of the log's ends; -1 if Kafka does not answer
    qint64 deadLettersInTopic() const;
    bool waitUntilDrained() const; ///< after finishLoad()
    Judgement judge() const;       ///< after waitUntilDrained()

    const QString& name() const { return m_name; } ///< of the schema, the topic, the group and the run
    const Sql& sql() const { return m_sql; }
    const Load& load() const { return *m_load; }
    QString lines() const; ///< what the consumers wrote

private:
    Drill(QString broker, QString server, QString dedupe, QString name);
    static std::unique_ptr<Drill> prepared(std::unique_ptr<Drill> drill);
    QString prepare();       // what is wrong, or nothing
    QString prepareTopics(); // likewise
    QString url() const;
    quint32 lockOf(Gate gate) const;
    qint64 endOf(const QString& topic) const;

    QString m_broker, m_server, m_dedupe, m_name;
    std::uint32_t m_runTag = 0;
    bool m_mock = false;
    Sql m_sql;
    std::unique_ptr<QProcess> m_gate; // a psql that holds the lock
    std::unique_ptr<Load> m_load;
    QTemporaryDir m_directory; // what the consumers write
};

/// Ends a consumer by SIGTERM and waits for it; false if that took too long or it reported an error.
bool stop(QProcess& consumer);
/// SIGKILL.
void kill(QProcess& consumer);
/// True if the process died of SIGKILL, by its own hand or ours, within the limit.
bool waitForDeath(QProcess& consumer, std::chrono::milliseconds limit = std::chrono::seconds(20));

} // namespace faults
