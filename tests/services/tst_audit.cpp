// SPDX-License-Identifier: GPL-3.0-or-later
#include "postgres_fixture.h"
#include "services/audit/audit.h"
#include "services/audit/audited_store.h"
#include "services/store/audited_table.h"
#include "tests/test_class.h"

#include <fmt/format.h>

#include <QtTest>
#include <set>

using namespace std::chrono_literals;

namespace {

using Rows = std::unique_ptr<core::AuditedRows>;

constexpr std::uint32_t kTag = 4'711;

core::EventId auditedId(std::uint64_t sequence, std::uint8_t stream = 0) {
    const core::WallTime due(std::chrono::seconds(1'800'000'000));
    return core::EventId::compose(
        {due + std::chrono::milliseconds(static_cast<std::int64_t>(sequence)), kTag, stream, sequence});
}

core::RunIdentity auditedRun() {
    return {kTag, 2, core::WallTime(std::chrono::seconds(1'700'000'000)),
            core::WallTime(std::chrono::seconds(1'900'000'000))};
}

/// Sequence numbers of those rows of the test's run that a reading hands over.
template <typename Reading>
std::multiset<std::uint64_t> sequencesOf(const Reading& reading) {
    std::multiset<std::uint64_t> sequences;
    const core::Status read = reading([&sequences](const core::AuditedRow& row) {
        const auto own = row.id ? auditedRun().own(*row.id) : std::nullopt;
        if (own) {
            sequences.insert(own->sequence);
        }
    });
    if (!read) {
        QTest::qFail(read.error().text().c_str(), __FILE__, __LINE__);
    }
    return sequences;
}

} // namespace

/// Tables as other programs make them, in the real PostgreSQL.
class TestAudit : public QObject {
    Q_OBJECT

private:
    std::unique_ptr<PostgresFixture> m_postgres;

    core::Result<Rows> open(const std::string& table, const std::string& id, const std::string& storedAt = {}) const {
        return services::openAuditedTable(m_postgres->options(), {table, id, storedAt});
    }
    void insert(const std::string& table, std::uint64_t from, std::uint64_t until) const {
        std::string values;
        for (std::uint64_t i = from; i < until; ++i) {
            values += fmt::format("{}('{}')", values.empty() ? "" : ",", auditedId(i).text());
        }
        m_postgres->run(fmt::format("INSERT INTO {} (id) VALUES {}", table, values));
    }
    static std::multiset<std::uint64_t> all(core::AuditedRows& rows) {
        return sequencesOf([&rows](const auto& take) { return rows.each(take, {}); });
    }
    static std::multiset<std::uint64_t> followed(core::AuditedRows& rows) {
        return sequencesOf([&rows](const auto& take) { return rows.followed(take, {}); });
    }

private Q_SLOTS:
    void init() {
        m_postgres = PostgresFixture::create();
        QVERIFY(m_postgres);
    }

    void anIdIsReadAsItIsWritten_data() {
        QTest::addColumn<QString>("type");
        QTest::addColumn<QString>("form");
        QTest::addColumn<bool>("own");
        const QString id = QString::fromStdString(auditedId(5).text());
        QTest::newRow("uuid") << "uuid" << id << true;
        QTest::newRow("text") << "text" << id << true;
        QTest::newRow("upper case") << "text" << id.toUpper() << true;
        QTest::newRow("without dashes") << "varchar(40)" << QString(id).remove(u'-') << true;
        QTest::newRow("padded with blanks") << "char(50)" << id << true;
        QTest::newRow("no UUID") << "text" << "order 66" << false;
        QTest::newRow("one digit too few") << "text" << id.chopped(1) << false;
    }
    void anIdIsReadAsItIsWritten() {
        QFETCH(QString, type);
        QFETCH(QString, form);
        QFETCH(bool, own);
        m_postgres->run(fmt::format("CREATE TABLE t (id {})", type.toStdString()));
        m_postgres->run(fmt::format("INSERT INTO t VALUES ('{}'), (NULL)", form.toStdString()));
        auto rows = open("t", "id");
        QVERIFY2(bool(rows), rows ? "" : rows.error().text().c_str());
        std::atomic<std::uint64_t> read{0};
        const auto report = services::audit(**rows, {}, {}, read, {});
        QVERIFY2(bool(report), report ? "" : report.error().text().c_str());
        QCOMPARE(report->rows, 2U);
        QCOMPARE(read.load(), 2U);
        QCOMPARE(report->foreign, own ? 1U : 2U);
        QCOMPARE(report->runs.size(), own ? 1U : 0U);
    }

    void strangeNamesAreQuoted() {
        m_postgres->run("CREATE TABLE \"My; Events\" (\"The \"\"Id\" uuid)");
        m_postgres->run(fmt::format("INSERT INTO \"My; Events\" VALUES ('{}')", auditedId(1).text()));
        auto rows = open(m_postgres->schema() + ".\"My; Events\"", "The \"Id");
        QVERIFY2(bool(rows), rows ? "" : rows.error().text().c_str());
        QCOMPARE(all(**rows).size(), 1U);
    }

    void whatDoesNotExistIsNamedWithWhatDoes_data() {
        QTest::addColumn<QString>("table");
        QTest::addColumn<QString>("id");
        QTest::addColumn<QString>("storedAt");
        QTest::addColumn<QString>("says");
        QTest::newRow("no such table") << "events" << "id" << "" << "there is no table events. There are: ";
        QTest::newRow("no such column") << "t" << "event_id" << ""
                                        << "has no column event_id. It has: id (uuid), n (integer)";
        QTest::newRow("a column that holds no id")
            << "t" << "n" << "" << "is of type integer, which holds no event's id";
        QTest::newRow("no such time") << "t" << "id" << "at" << "has no column at";
        QTest::newRow("a column that says no time")
            << "t" << "id" << "n" << "is of type integer, which says no instant";
    }
    void whatDoesNotExistIsNamedWithWhatDoes() {
        QFETCH(QString, table);
        QFETCH(QString, id);
        QFETCH(QString, storedAt);
        QFETCH(QString, says);
        m_postgres->run("CREATE TABLE t (id uuid, n integer)");
        const auto rows = open(table.toStdString(), id.toStdString(), storedAt.toStdString());
        QVERIFY(!rows);
        QVERIFY2(rows.error().kind == core::ErrorKind::Invalid, rows.error().text().c_str());
        QVERIFY2(QString::fromStdString(rows.error().text()).contains(says), rows.error().text().c_str());
    }

    void aColumnSaysWhenARowWasStored() {
        m_postgres->run("CREATE TABLE t (id uuid, at timestamptz, local timestamp)");
        m_postgres->run(fmt::format("INSERT INTO t SELECT '{}'::uuid, to_timestamp(1800000000.008), "
                                    "to_timestamp(1800000000.018)",
                                    auditedId(3).text()));
        for (const auto& [column, least, most] :
             {std::tuple{"at", 5'000U, 5'007U}, std::tuple{"local", 15'000U, 15'015U}}) {
            auto rows = open("t", "id", column);
            QVERIFY2(bool(rows), rows ? "" : rows.error().text().c_str());
            QVERIFY((*rows)->facts().storedAt == core::StoredAtSource::Column);
            std::atomic<std::uint64_t> read{0};
            const auto report = services::audit(**rows, {}, {}, read, {});
            QVERIFY(bool(report));
            const auto latency = report->runs.at(0).found.latency.max();
            QVERIFY2(latency && *latency >= least && *latency <= most, std::to_string(latency.value_or(0)).c_str());
        }
    }

    void theCommitSaysWhenARowWasStored() {
        m_postgres->run("CREATE TABLE t (id uuid)");
        const core::WallTime due = std::chrono::system_clock::now();
        const core::EventId id = core::EventId::compose({due, kTag, 0, 0});
        m_postgres->run(fmt::format("INSERT INTO t VALUES ('{}')", id.text()));
        const std::int64_t committed =
            m_postgres->number("SELECT (extract(epoch FROM pg_xact_commit_timestamp(xmin)) * 1000000)::bigint FROM t");
        auto rows = open("t", "id");
        QVERIFY2(bool(rows), rows ? "" : rows.error().text().c_str());
        QVERIFY((*rows)->facts().storedAt == core::StoredAtSource::Commit);
        std::optional<core::WallTime> stored;
        QVERIFY(bool((*rows)->each([&stored](const core::AuditedRow& row) { stored = row.storedAt; }, {})));
        QVERIFY(stored);
        QCOMPARE(core::microsecondsOf(*stored), committed);
    }

    void aViewSaysWhyItHasNoTimes() {
        m_postgres->run("CREATE TABLE t (id uuid)");
        m_postgres->run("CREATE VIEW v AS SELECT * FROM t");
        insert("t", 0, 3);
        auto rows = open("v", "id");
        QVERIFY2(bool(rows), rows ? "" : rows.error().text().c_str());
        QVERIFY((*rows)->facts().storedAt == core::StoredAtSource::None);
        QVERIFY(!(*rows)->facts().notFollowed.empty());
        QCOMPARE(all(**rows).size(), 3U);
    }

    void lostAndDoubledRowsAreFoundWithoutAnyKey() {
        m_postgres->run("CREATE TABLE t (id uuid)");
        insert("t", 0, 20'000);
        m_postgres->run("DELETE FROM t WHERE ctid IN (SELECT ctid FROM t ORDER BY random() LIMIT 17)");
        m_postgres->run("INSERT INTO t SELECT id FROM t ORDER BY random() LIMIT 5");
        core::KnownRun known{.id = "0192", .name = "n", .runTag = kTag};
        known.acked.emplace(1).front().insertRange(0, 20'000);
        auto rows = open("t", "id");
        QVERIFY2(bool(rows), rows ? "" : rows.error().text().c_str());
        std::atomic<std::uint64_t> read{0};
        const auto report = services::audit(**rows, {known}, kTag, read, {});
        QVERIFY2(bool(report), report ? "" : report.error().text().c_str());
        QCOMPARE(report->runs.at(0).lost, 17U);
        QCOMPARE(report->runs.at(0).found.doubled(), 5U);
        QCOMPARE(report->runs.at(0).examples.size(), 5U);
    }

    void aLookBringsWhatHasComeSince() {
        m_postgres->run("CREATE TABLE t (id uuid)");
        insert("t", 0, 50'000); // 265 pages
        auto rows = open("t", "id");
        QVERIFY2(bool(rows), rows ? "" : rows.error().text().c_str());
        QVERIFY(!followed(**rows).contains(0)); // far behind the end
        insert("t", 50'000, 60'000);
        QVERIFY(followed(**rows).contains(59'999));
        insert("t", 60'000, 61'000);
        const auto last = followed(**rows);
        QVERIFY(last.contains(60'999));
        QVERIFY(!last.contains(1'000));
        QCOMPARE(all(**rows).size(), 61'000U);
    }

    void rowsOfALongTransactionAreSeenWhenItCommits() {
        m_postgres->run("CREATE TABLE t (id uuid)");
        auto rows = open("t", "id");
        QVERIFY2(bool(rows), rows ? "" : rows.error().text().c_str());
        pqxx::connection other(m_postgres->url());
        pqxx::work open(other);
        open.exec(fmt::format("INSERT INTO t VALUES ('{}')", auditedId(100'000).text()));
        for (std::uint64_t i = 0; i < 10; ++i) { // others go on meanwhile, far beyond
            insert("t", i * 10'000, (i + 1) * 10'000);
            QVERIFY(!followed(**rows).contains(100'000));
        }
        open.commit();
        QVERIFY(followed(**rows).contains(100'000));
        QVERIFY(!followed(**rows).contains(0)); // it is over
    }

    void partitionsAreFollowedEachByItself() {
        m_postgres->run("CREATE TABLE t (id uuid, n integer) PARTITION BY RANGE (n)");
        m_postgres->run("CREATE TABLE t1 PARTITION OF t FOR VALUES FROM (0) TO (10)");
        auto rows = open("t", "id");
        QVERIFY2(bool(rows), rows ? "" : rows.error().text().c_str());
        m_postgres->run(fmt::format("INSERT INTO t VALUES ('{}', 1)", auditedId(1).text()));
        QCOMPARE(followed(**rows), std::multiset<std::uint64_t>{1});
        m_postgres->run("CREATE TABLE t2 PARTITION OF t FOR VALUES FROM (10) TO (20)"); // made on the way
        m_postgres->run(fmt::format("INSERT INTO t VALUES ('{}', 11)", auditedId(2).text()));
        QVERIFY(followed(**rows).contains(2));
        QCOMPARE(all(**rows), (std::multiset<std::uint64_t>{1, 2}));
    }

    void aRunCountsItsRowsAndTheForeignOnesThatCameMeanwhile() {
        m_postgres->run("CREATE TABLE t (id text)");
        m_postgres->run("INSERT INTO t SELECT 'old ' || i FROM generate_series(1, 1000) i");
        auto rows = open("t", "id");
        QVERIFY2(bool(rows), rows ? "" : rows.error().text().c_str());
        services::AuditedStore store(std::move(*rows), {});
        insert("t", 0, 2'000);
        insert("t", 0, 3);
        m_postgres->run("INSERT INTO t SELECT 'new ' || i FROM generate_series(1, 2000) i");
        std::uint64_t ids = 0;
        QVERIFY(bool(store.eachId(auditedRun(), [&ids](const core::StoredId&) { ++ids; })));
        QCOMPARE(ids, 2'003U);
        const auto counts = store.runCounts("");
        QVERIFY(bool(counts));
        QCOMPARE(counts->stored, ids + counts->foreign);
        QVERIFY2(counts->foreign >= 1'800 && counts->foreign <= 2'000, // some may lie on the first one's last page
                 std::to_string(counts->foreign).c_str());
    }
};

TEST_CLASS(TestAudit)
#include "tst_audit.moc"
