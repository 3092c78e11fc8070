// SPDX-License-Identifier: GPL-3.0-or-later
#include "drill.h"

#include "services/kafka/cluster_admin.h"
#include "services/store/store.h"
#include "services/store/store_address.h"

#include <fmt/format.h>

#include <QFile>
#include <QProcessEnvironment>
#include <csignal>
#include <numeric>
#include <random>

namespace faults {

using namespace std::chrono_literals;

namespace {

constexpr int kPartitions = 4;

// Every batch takes these locks, shared, and so waits while somebody holds one of them alone. A take-over that sets the
// first position takes none: it is no batch.
const QString kGates = QStringLiteral(R"(
    CREATE FUNCTION pass_gate() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN PERFORM pg_advisory_xact_lock_shared(TG_ARGV[0]::bigint); RETURN NULL; END $$;
    CREATE TRIGGER gate_statement AFTER UPDATE ON kafka_offsets FOR EACH ROW
        WHEN (OLD.next_offset < NEW.next_offset) EXECUTE FUNCTION pass_gate(%1);
    CREATE CONSTRAINT TRIGGER gate_commit AFTER UPDATE ON kafka_offsets DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
        WHEN (OLD.next_offset < NEW.next_offset) EXECUTE FUNCTION pass_gate(%2);
    CREATE TRIGGER gate_dead_letters AFTER INSERT ON dead_letters FOR EACH ROW EXECUTE FUNCTION pass_gate(%3);)");

QString environment(const char* name) {
    return qEnvironmentVariable(name);
}

QString deadLetterTopic(const QString& topic) {
    return topic + QStringLiteral("_dead_letters");
}

QByteArray listed(const std::vector<core::EventId>& ids) {
    QByteArray lines;
    for (const core::EventId& id : ids) {
        lines += QByteArray::fromStdString(id.text()) + '\n';
    }
    return lines;
}

} // namespace

bool waitUntil(const std::function<bool()>& done, std::chrono::milliseconds limit) {
    const auto until = std::chrono::steady_clock::now() + limit;
    while (!done()) {
        if (std::chrono::steady_clock::now() > until) {
            return false;
        }
        std::this_thread::sleep_for(5ms);
    }
    return true;
}

QString Sql::ask(const QString& statements) const {
    QProcess psql;
    psql.start(QStringLiteral("psql"),
               {QStringLiteral("-XqAt"), QStringLiteral("-v"), QStringLiteral("ON_ERROR_STOP=1"), QStringLiteral("-f"),
                QStringLiteral("-"), m_url});
    psql.write(statements.toUtf8());
    psql.closeWriteChannel();
    if (!psql.waitForFinished(30'000) || psql.exitCode() != 0) {
        return QStringLiteral("psql: ") + QString::fromUtf8(psql.readAllStandardError());
    }
    return QString::fromUtf8(psql.readAllStandardOutput()).trimmed();
}

QString Judgement::text() const {
    return QStringLiteral("lost %1, stored twice %2, uncounted %3, identity off by %4, miscounted %5, unreported %6, "
                          "replayed %7")
        .arg(lost)
        .arg(twice)
        .arg(uncounted)
        .arg(identity)
        .arg(miscounted)
        .arg(unreported)
        .arg(duplicates);
}

void report(const char* row, const QString& injected, const Judgement& judgement,
            std::chrono::steady_clock::time_point start) {
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
    qInfo("%s: %s; %s; %.1f s", row, qPrintable(injected), qPrintable(judgement.text()), took.count());
}

bool inFull() {
    return qEnvironmentVariableIsSet("MILLRACE_ALL");
}

std::vector<int> seeds() {
    bool given = false;
    if (const int seed = qEnvironmentVariableIntValue("MILLRACE_SEED", &given); given) {
        return {seed};
    }
    std::vector<int> all(inFull() ? 20 : 1);
    std::iota(all.begin(), all.end(), 1);
    return all;
}

std::unique_ptr<Drill> Drill::create(const QString& store) {
    const QString broker = environment("MILLRACE_BROKER");
    const QString server = store.isEmpty() ? environment("MILLRACE_STORE") : store;
    const QString dedupe = environment("MILLRACE_DEDUPE");
    if (broker.isEmpty() || server.isEmpty() || dedupe.isEmpty()) {
        QTest::qFail("start the servers with tests/stack/up", __FILE__, __LINE__);
        return nullptr;
    }
    return prepared(std::unique_ptr<Drill>(
        new Drill(broker, server, dedupe, QStringLiteral("drill_%1").arg(std::random_device()()))));
}

std::unique_ptr<Drill> Drill::createOnMock(const std::string& broker, const QString& topic) {
    std::unique_ptr<Drill> drill(new Drill(QString::fromStdString(broker), environment("MILLRACE_STORE"),
                                           environment("MILLRACE_DEDUPE"), topic));
    drill->m_mock = true;
    return prepared(std::move(drill));
}

std::unique_ptr<Drill> Drill::prepared(std::unique_ptr<Drill> drill) {
    if (const QString wrong = drill->prepare(); !wrong.isEmpty()) {
        QTest::qFail(qPrintable(wrong), __FILE__, __LINE__);
        return nullptr;
    }
    return drill;
}

Drill::Drill(QString broker, QString server, QString dedupe, QString name)
    : m_broker(std::move(broker)),
      m_server(std::move(server)),
      m_dedupe(std::move(dedupe)),
      m_name(std::move(name)),
      m_runTag(std::random_device()() % core::EventId::kRunTags),
      m_sql(url()) {}

Drill::~Drill() {
    m_load.reset();
    openGate();
    m_sql.ask(QStringLiteral("SET client_min_messages = error; DROP SCHEMA %1 CASCADE").arg(m_name));
}

QString Drill::url() const {
    return QStringLiteral("%1?options=-csearch_path%3D%2").arg(m_server, m_name);
}

QString Drill::prepare() {
    if (const QString made = m_sql.ask(QStringLiteral("CREATE SCHEMA %1").arg(m_name)); !made.isEmpty()) {
        return made;
    }
    if (const QString wrong = m_mock ? QString() : prepareTopics(); !wrong.isEmpty()) {
        return wrong;
    }
    services::StoreOptions options;
    options.address = *services::readStoreAddress(url().toStdString());
    auto store = services::openStore(options);
    if (!store) {
        return QString::fromStdString(store.error().message);
    }
    if (const auto prepared = (*store)->prepare(std::chrono::system_clock::now()); !prepared) {
        return QString::fromStdString(prepared.error().message);
    }
    return m_sql.ask(kGates.arg(lockOf(Gate::Statement)).arg(lockOf(Gate::Commit)).arg(lockOf(Gate::DeadLetters)));
}

QString Drill::prepareTopics() {
    auto cluster = services::ClusterAdmin::create({m_broker.toStdString(), {}});
    if (!cluster) {
        return QString::fromStdString(cluster.error().message);
    }
    const auto made =
        (*cluster)->ensureTopics({{m_name.toStdString(), kPartitions}, {deadLetterTopic(m_name).toStdString(), 1}});
    return made ? QString() : QString::fromStdString(made.error().message);
}

std::unique_ptr<QProcess> Drill::startConsumer(const QString& name, const ConsumerWish& wish) {
    auto environment = QProcessEnvironment::systemEnvironment();
    environment.insert(QStringLiteral("MILLRACE_BROKER"), m_broker);
    if (m_mock) { // which does not know what it is called
        environment.insert(QStringLiteral("MILLRACE_TEST_CLUSTER"), m_name);
    }
    environment.insert(QStringLiteral("MILLRACE_STORE"), url());
    environment.insert(QStringLiteral("MILLRACE_DEDUPE"), wish.dedupe.isEmpty() ? m_dedupe : wish.dedupe);
    environment.insert(QStringLiteral("MILLRACE_TEST_TOPIC"), m_name);
    environment.insert(QStringLiteral("MILLRACE_TEST_GROUP"), m_name);
    environment.insert(QStringLiteral("MILLRACE_TEST_RUN"), m_name);
    environment.insert(QStringLiteral("MILLRACE_TEST_WORKER"), name);
    environment.insert(QStringLiteral("MILLRACE_TEST_RUN_TAG"), QString::number(m_runTag));
    environment.insert(QStringLiteral("MILLRACE_TEST_BATCH"), QString::number(wish.batch));
    environment.insert(QStringLiteral("MILLRACE_CRASH_POINT"), wish.crash);
    environment.insert(QStringLiteral("MILLRACE_TEST_LINGER_MS"), QString::number(wish.lingerMs));
    environment.insert(QStringLiteral("MILLRACE_TEST_SESSION_MS"), QString::number(wish.sessionTimeoutMs));
    if (wish.deadLetterTopic) {
        environment.insert(QStringLiteral("MILLRACE_TEST_DEAD_LETTER_TOPIC"), deadLetterTopic(m_name));
    }
    if (wish.rememberTooEarly) {
        environment.insert(QStringLiteral("MILLRACE_REMEMBER_TOO_EARLY"), QStringLiteral("1"));
    }
    auto consumer = std::make_unique<QProcess>();
    consumer->setProcessEnvironment(environment);
    consumer->setStandardErrorFile(m_directory.filePath(QStringLiteral("consumers")), QIODevice::Append);
    consumer->start(QStringLiteral(MILLRACE_CONSUMER_HALF), QStringList());
    consumer->waitForStarted();
    return consumer;
}

void Drill::startLoad(double perSecond, std::uint64_t seed, std::map<std::string, std::string> client) {
    m_load = std::make_unique<Load>(
        Load::Wish{m_broker.toStdString(), m_name.toStdString(), m_runTag, perSecond, seed, std::move(client)});
}

std::unique_ptr<QProcess> Drill::lockTable(std::chrono::seconds length) const {
    auto holder = std::make_unique<QProcess>();
    holder->start(QStringLiteral("psql"), {QStringLiteral("-XqAt"), url()});
    holder->write(QStringLiteral("BEGIN; LOCK TABLE log_events IN ACCESS EXCLUSIVE MODE;\n\\echo locked\n"
                                 "SELECT pg_sleep(%1); COMMIT;\n\\q\n")
                      .arg(length.count())
                      .toUtf8());
    waitUntil([&holder] {
        holder->waitForReadyRead(10);
        return holder->peek(64).contains("locked");
    });
    return holder;
}

void Drill::closeGate(Gate gate) {
    m_gate = std::make_unique<QProcess>();
    m_gate->start(QStringLiteral("psql"), {QStringLiteral("-XqAt"), url()});
    m_gate->write(QStringLiteral("SELECT pg_advisory_lock(%1);\n\\echo closed\n").arg(lockOf(gate)).toUtf8());
    waitUntil([this] {
        m_gate->waitForReadyRead(10);
        return m_gate->peek(64).contains("closed");
    });
}

quint32 Drill::lockOf(Gate gate) const {
    return m_runTag + static_cast<quint32>(gate) * core::EventId::kRunTags; // no two drills have the same tag
}

bool Drill::waitForBatchAtGate() const {
    return waitUntil([this] {
        return m_sql.number(QStringLiteral("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted "
                                           "AND classid = 0 AND objid IN (%1, %2, %3)")
                                .arg(lockOf(Gate::Statement))
                                .arg(lockOf(Gate::Commit))
                                .arg(lockOf(Gate::DeadLetters))) > 0;
    });
}

void Drill::openGate() {
    if (!m_gate) {
        return;
    }
    m_gate->closeWriteChannel();
    m_gate->waitForFinished();
    m_gate.reset();
}

qint64 Drill::stored() const {
    return m_sql.number(QStringLiteral("SELECT count(*) FROM log_events"));
}

qint64 Drill::position() const {
    return m_sql.number(QStringLiteral("SELECT coalesce(sum(next_offset), 0) FROM kafka_offsets"));
}

qint64 Drill::polledBy(const QString& consumer) const {
    return m_sql.number(
        QStringLiteral("SELECT coalesce(sum(polled), 0) FROM run_counts WHERE worker = '%1'").arg(consumer));
}

qint64 Drill::logEnd() const {
    return endOf(m_name);
}

qint64 Drill::deadLettersInTopic() const {
    return endOf(deadLetterTopic(m_name));
}

qint64 Drill::endOf(const QString& topic) const {
    auto cluster = services::ClusterAdmin::create({m_broker.toStdString(), {}});
    if (!cluster) {
        return -1;
    }
    const auto ends = (*cluster)->endOffsets({topic.toStdString()});
    if (!ends) {
        return -1;
    }
    qint64 sum = 0;
    for (const auto& [partition, end] : *ends) {
        sum += end.value;
    }
    return sum;
}

bool Drill::waitUntilDrained() const {
    const qint64 end = logEnd();
    return end > 0 && waitUntil([&] { return position() >= end; }, 30s);
}

Judgement Drill::judge() const {
    Judgement found;
    found.lost =
        m_sql.number(QStringLiteral("CREATE TEMPORARY TABLE acked (id uuid);\nCOPY acked FROM STDIN;\n") +
                     QString::fromUtf8(listed(m_load->ackedReadable()) + listed(m_load->ackedUnreadable())) +
                     QStringLiteral("\\.\nSELECT count(*) FROM (SELECT id FROM acked EXCEPT SELECT id FROM log_events "
                                    "EXCEPT SELECT event_id FROM dead_letters) AS missing;"));
    const auto sum = [this](const char* column) {
        return m_sql.number(QStringLiteral("SELECT coalesce(sum(%1), 0) FROM run_counts").arg(QLatin1String(column)));
    };
    found.twice = m_sql.number(QStringLiteral("SELECT count(*) - count(DISTINCT id) FROM log_events"));
    found.uncounted = logEnd() - sum("polled");
    found.identity = sum("polled - stored - duplicate_filter - duplicate_batch - duplicate_store - dead_lettered");
    found.miscounted =
        std::abs(stored() - sum("stored")) +
        std::abs(m_sql.number(QStringLiteral("SELECT count(*) FROM dead_letters")) - sum("dead_lettered"));
    found.unreported = static_cast<qint64>(m_load->notReportedOnce());
    found.duplicates =
        sum("duplicate_filter + duplicate_batch + duplicate_store") - static_cast<qint64>(m_load->ackedCopies());
    return found;
}

QString Drill::lines() const {
    QFile file(m_directory.filePath(QStringLiteral("consumers")));
    return file.open(QIODevice::ReadOnly) ? QString::fromUtf8(file.readAll()) : QString();
}

bool stop(QProcess& consumer) {
    consumer.terminate();
    return consumer.waitForFinished(15'000) && consumer.exitStatus() == QProcess::NormalExit &&
           consumer.exitCode() == 0;
}

void kill(QProcess& consumer) {
    ::kill(static_cast<pid_t>(consumer.processId()), SIGKILL);
    consumer.waitForFinished();
}

bool waitForDeath(QProcess& consumer, std::chrono::milliseconds limit) {
    return consumer.waitForFinished(static_cast<int>(limit.count())) && consumer.exitStatus() == QProcess::CrashExit &&
           consumer.exitCode() == SIGKILL;
}

} // namespace faults
