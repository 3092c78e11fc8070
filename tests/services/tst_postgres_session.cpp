// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/services/postgres_fixture.h"
#include "tests/services/store_rows.h"
#include "tests/test_class.h"

#include <QFileInfo>
#include <QtTest>
#include <future>

using namespace store_rows;
using namespace std::chrono_literals;
using Kind = core::CommitOutcome::Kind;

/// A consumer's session against a real PostgreSQL (contract.md, D3, D5, D7, D8, D14).
class PostgresSessionTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init() {
        m_server = PostgresFixture::create();
        if (!m_server) {
            return;
        }
        auto opened = services::openStore(m_server->options());
        QVERIFY2(opened, opened ? "" : opened.error().message.c_str());
        m_store = std::move(*opened);
        const auto prepared = m_store->prepare(kDue);
        QVERIFY2(prepared, prepared ? "" : prepared.error().message.c_str());
    }
    void cleanup() {
        m_store.reset();
        m_server.reset();
    }

    void storesEveryFieldAsItIs_data() {
        QTest::addColumn<QByteArray>("message");
        QTest::addColumn<qint64>("nanoseconds");
        QTest::addColumn<QByteArray>("timestamp");
        const auto row = [](const char* rule, const char* message, qint64 nanoseconds, const char* timestamp) {
            QTest::newRow(rule) << QByteArray(message) << nanoseconds << QByteArray(timestamp);
        };
        row("plain text", "payment declined", 1'800'000'000'123'456'000, "2027-01-15 08:00:00.123456");
        row("all planes of Unicode",
            "Gr\xC3\xBC\xC3\x9F"
            "e \xE6\x97\xA5\xE6\x9C\xAC \xF0\x9F\x9A\x80",
            0, "1970-01-01 00:00:00.000000");
        row("what text formats would escape", "tab\t newline\n back\\slash \\N \"quotes' \x01", 1'000,
            "1970-01-01 00:00:00.000001");
        row("an empty message", "", -1'000, "1969-12-31 23:59:59.999999");
        row("below a microsecond is rounded down", "x", -1, "1969-12-31 23:59:59.999999");
        row("before the server's own epoch", "x", 946'684'799'999'999'000, "1999-12-31 23:59:59.999999");
        row("the earliest time we can hold", "x", std::numeric_limits<qint64>::min(), "1677-09-21 00:12:43.145224");
        row("the latest time we can hold", "x", std::numeric_limits<qint64>::max(), "2262-04-11 23:47:16.854775");
    }
    void storesEveryFieldAsItIs() {
        QFETCH(QByteArray, message);
        QFETCH(qint64, nanoseconds);
        QFETCH(QByteArray, timestamp);
        Writer writer = writerOf("worker");
        core::EventRow row = rowOf(7);
        row.message = std::string_view(message.constData(), static_cast<std::size_t>(message.size()));
        row.timestamp = core::WallTime(core::Nanoseconds(nanoseconds));
        verifyCommitted(writer.commit({row}));
        const auto field = [this](const char* what) {
            return QByteArray::fromStdString(m_server->run(std::string("SELECT ") + what + " FROM log_events"));
        };
        QCOMPARE(field("message"), message);
        QCOMPARE(field("to_char(\"timestamp\" AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.US')"), timestamp);
        QCOMPARE(field("id"), QByteArray::fromStdString(idOf(7).text()));
        QCOMPARE(field("level || source || trace_id"), QByteArray("WARNpayment-servicetrace-1"));
        QCOMPARE(field("processed_at > now() - interval '1 minute'"), QByteArray("t"));
    }

    void doublesAreToldByTheirIndex() {
        Writer writer = writerOf("worker");
        verifyCommitted(writer.commit(rowsOf(0, 10)));
        const auto outcome = writer.commit(rowsOf(7, 10));
        verifyCommitted(outcome);
        QCOMPARE(outcome->alreadyStored, (std::vector<std::uint32_t>{0, 1, 2}));
        QCOMPARE(m_server->number("SELECT count(*) FROM log_events"), 17);
        // The next batches go through staging; a batch without doubles has none there either.
        const auto clean = writer.commit(rowsOf(100, 10));
        verifyCommitted(clean);
        QVERIFY(clean->alreadyStored.empty());
    }

    void anIdIsNotStorableTwiceWithAnotherTimestamp() {
        Writer writer = writerOf("worker");
        verifyCommitted(writer.commit({rowOf(1)}));
        core::EventRow later = rowOf(1);
        later.timestamp += 24h;
        const auto outcome = writer.commit({later});
        verifyCommitted(outcome);
        QCOMPARE(outcome->alreadyStored, (std::vector<std::uint32_t>{0}));
        QCOMPARE(m_server->number("SELECT count(*) FROM log_events"), 1);
    }

    void countsMoveInTheSameTransaction() {
        Writer writer = writerOf("worker-1");
        verifyCommitted(writer.commit(rowsOf(0, 10)));
        verifyCommitted(writer.commit(rowsOf(5, 10)));
        Writer other = writerOf("worker-2", partition(1));
        verifyCommitted(other.commit(rowsOf(50, 3), {letter(0)}));
        const auto counts = m_store->runCounts("run");
        QVERIFY(counts);
        QCOMPARE(*counts, (core::ConsumerCounts{.polled = 24, .stored = 18, .duplicateStore = 5, .deadLettered = 1}));
        const auto positions = m_store->positions();
        QVERIFY(positions);
        QCOMPARE(*positions, (std::vector<std::pair<core::TopicPartition, core::Offset>>{{partition(0), {20}},
                                                                                         {partition(1), {4}}}));
    }

    void aFencedBatchWritesNothing_data() {
        QTest::addColumn<QString>("meddling");
        QTest::newRow("another epoch: somebody has taken over")
            << QStringLiteral("UPDATE kafka_offsets SET epoch = epoch + 1");
        QTest::newRow("another offset: somebody has moved it")
            << QStringLiteral("UPDATE kafka_offsets SET next_offset = 50");
        QTest::newRow("no row: somebody has deleted it") << QStringLiteral("DELETE FROM kafka_offsets");
    }
    void aFencedBatchWritesNothing() {
        QFETCH(QString, meddling);
        Writer writer = writerOf("worker");
        m_server->run(meddling.toStdString());
        const auto outcome = writer.commit(rowsOf(0, 10), {letter(0)});
        QVERIFY(outcome);
        QCOMPARE(outcome->kind, Kind::Fenced);
        QCOMPARE(m_server->number("SELECT count(*) FROM log_events"), 0);
        QCOMPARE(m_server->number("SELECT count(*) FROM dead_letters"), 0);
        QCOMPARE(m_server->number("SELECT count(*) FROM run_counts"), 0);
    }

    void theNewOwnerGoesOnWhereTheFormerStood() {
        Writer former = writerOf("former");
        verifyCommitted(former.commit(rowsOf(0, 10)));
        Writer next = writerOf("next");
        QCOMPARE(next.owned().next, std::optional(core::Offset{10}));
        QCOMPARE(next.owned().epoch, former.owned().epoch + 1);
        const auto late = former.commit(rowsOf(10, 10));
        QVERIFY(late);
        QCOMPARE(late->kind, Kind::Fenced);
        verifyCommitted(next.commit(rowsOf(10, 10)));
        QCOMPARE(m_server->number("SELECT count(*) FROM log_events"), 20);
    }

    void aZombiesOpenTransactionIsEnded() {
        Writer writer = writerOf("zombie");
        pqxx::connection zombie(m_server->url()); // stands between COPY and COMMIT, with the ids and the offset locked
        pqxx::work transaction(zombie);
        transaction.exec("UPDATE kafka_offsets SET backend_pid = pg_backend_pid(), backend_start = "
                         "(SELECT backend_start FROM pg_stat_activity WHERE pid = pg_backend_pid())");
        transaction.exec("COMMIT; BEGIN");
        transaction.exec("INSERT INTO log_events VALUES ('" + idOf(0).text() + "', 'INFO', 'm', 's', now())");
        transaction.exec("UPDATE kafka_offsets SET next_offset = 1");
        const auto start = std::chrono::steady_clock::now();
        Writer next = writerOf("next");
        verifyCommitted(next.commit(rowsOf(0, 10)));
        QVERIFY2(std::chrono::steady_clock::now() - start < 2s, "the take-over waits for the zombie");
        QVERIFY_EXCEPTION_THROWN(transaction.commit(), std::exception);
        QCOMPARE(m_server->number("SELECT count(*) FROM log_events"), 10);
    }

    void aBadRowIsFoundAndTheRestIsWritable_data() {
        QTest::addColumn<QByteArray>("message");
        QTest::addColumn<quint32>("index");
        QTest::addColumn<QByteArray>("sqlstate");
        const QByteArray tooLong(2000, 'x');
        QTest::newRow("bad UTF-8, first") << QByteArray("\xC3(") << quint32(0) << QByteArray("22021");
        QTest::newRow("bad UTF-8, in the middle") << QByteArray("\xFF") << quint32(41) << QByteArray("22021");
        QTest::newRow("NUL, last") << QByteArray("a\0b", 3) << quint32(99) << QByteArray("22021");
        QTest::newRow("a check of the table's owner") << tooLong << quint32(17) << QByteArray("23514");
    }
    void aBadRowIsFoundAndTheRestIsWritable() {
        QFETCH(QByteArray, message);
        QFETCH(quint32, index);
        QFETCH(QByteArray, sqlstate);
        m_server->run("ALTER TABLE log_events ADD CHECK (length(message) < 1000)");
        Writer writer = writerOf("worker");
        verifyCommitted(writer.commit(rowsOf(30, 5))); // doubles beside the bad row
        auto rows = rowsOf(0, 100);
        rows[index].message = std::string_view(message.constData(), static_cast<std::size_t>(message.size()));
        const auto refused = writer.commit(rows);
        QVERIFY2(refused, refused ? "" : refused.error().message.c_str());
        QCOMPARE(refused->kind, Kind::BadRows);
        QCOMPARE(refused->badRows.size(), std::size_t{1});
        const core::BadRow& bad = refused->badRows.front();
        QCOMPARE(bad.row, index);
        QVERIFY2(bad.reason.find(sqlstate.toStdString()) != std::string::npos, bad.reason.c_str());
        QCOMPARE(m_server->number("SELECT count(*) FROM log_events"), 5);
        rows.erase(rows.begin() + index);
        verifyCommitted(writer.commit(rows));
    }

    void allRowsThatTheTableRefusesAreFoundInOneSearch() {
        m_server->run("ALTER TABLE log_events ADD CHECK (length(message) < 10)");
        Writer writer = writerOf("worker");
        auto rows = rowsOf(0, 5'000);
        for (auto& row : rows) {
            row.message = "a message that is too long";
        }
        rows[7].message = rows[4'321].message = "short";
        rows[100].message = "\xFF"; // cannot even be sent
        const auto begin = std::chrono::steady_clock::now();
        const auto refused = writer.commit(rows);
        const auto took = std::chrono::steady_clock::now() - begin;
        QVERIFY2(refused, refused ? "" : refused.error().message.c_str());
        QCOMPARE(refused->kind, Kind::BadRows);
        QCOMPARE(refused->badRows.size(), std::size_t{4'998});
        QCOMPARE(refused->badRows[100 - 1].row, 100U);
        QVERIFY(refused->badRows[100 - 1].reason.find("22021") != std::string::npos);
        QVERIFY(refused->badRows.back().reason.find("23514") != std::string::npos);
        QVERIFY2(took < 20s, "a search for each row"); // a minute and more by one search for each
        QCOMPARE(m_server->number("SELECT count(*) FROM log_events"), 0);
    }

    void anIdleConnectionThatTheServerEndedIsNotUsed() {
        Writer writer = writerOf("worker");
        verifyCommitted(writer.commit(rowsOf(0, 10)));
        QVERIFY(m_store->runCounts("run"));
        const std::string others = "FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND application_name = '" +
                                   m_server->schema() + "'"; // and not those of the tests beside this one
        const auto processes = QString::fromStdString(m_server->run("SELECT string_agg(pid::text, ' ') " + others))
                                   .split(QLatin1Char(' '));
        m_server->run("SELECT count(pg_terminate_backend(pid)) " + others);
        for (const QString& process : processes) { // until then its end of the connection is open
            QTRY_VERIFY(!QFileInfo::exists(QStringLiteral("/proc/") + process));
        }
        const auto counts = m_store->runCounts("run");
        QVERIFY2(counts, counts ? "" : counts.error().message.c_str());
        verifyCommitted(writer.commit(rowsOf(10, 10)));
    }

    void deadLettersKeepTheirBytesAndAreNotDoubledByRedelivery() {
        Writer writer = writerOf("worker");
        const std::string payload("\0\x01\xFF{broken", 10);
        core::DeadLetter one = letter(3);
        one.payload = payload;
        one.key = std::string_view("k\0y", 3);
        one.reason = std::string("not JSON: \xFF\0", 12);
        one.id = idOf(9);
        verifyCommitted(writer.commit({}, {one}));
        m_server->run("UPDATE kafka_offsets SET next_offset = 0");
        writer.owned().next = core::Offset{0};
        verifyCommitted(writer.commit({}, {one}));
        QCOMPARE(m_server->number("SELECT count(*) FROM dead_letters"), 1);
        QCOMPARE(m_server->run("SELECT encode(payload, 'hex') FROM dead_letters"), std::string("0001ff7b62726f6b656e"));
        QCOMPARE(m_server->run("SELECT encode(key, 'hex') FROM dead_letters"), std::string("6b0079"));
        QCOMPARE(m_server->run("SELECT reason FROM dead_letters"), std::string("not JSON: ??"));
        QCOMPARE(m_server->run("SELECT topic || partition || kafka_offset || event_id FROM dead_letters"),
                 "log-events03" + idOf(9).text());
    }

    void theAuditSeesEveryIdOfTheRunAndNoOther() {
        Writer writer = writerOf("worker");
        auto rows = rowsOf(0, 1000);
        rows.push_back(rowOf(0));
        rows.back().id = core::EventId::compose({.due = kDue, .runTag = kRunTag + 1, .stream = 0, .sequence = 5});
        core::DeadLetter dead = letter(0);
        dead.id = idOf(5000);
        verifyCommitted(writer.commit(rows, {dead}));
        const core::RunIdentity run{.runTag = kRunTag, .streams = 1, .from = kDue - 1ms, .until = kDue};
        std::vector<core::EventId> stored;
        std::vector<core::EventId> letters;
        const auto read = m_store->eachId(
            run, [&](const core::StoredId& id) { (id.deadLettered ? letters : stored).push_back(id.id); });
        QVERIFY2(read, read ? "" : read.error().message.c_str());
        std::ranges::sort(stored);
        QCOMPARE(stored.size(), std::size_t{1000});
        QCOMPARE(stored.front(), idOf(0));
        QCOMPARE(stored.back(), idOf(999));
        QCOMPARE(letters, std::vector<core::EventId>{idOf(5000)});
        const auto rowCount = m_store->rowsOf(run, run.from, run.until + 1ms);
        QVERIFY2(rowCount && *rowCount, rowCount ? "" : rowCount.error().message.c_str());
        QCOMPARE(**rowCount, std::uint64_t{1000});
    }

    void aLockedTableIsTransient() {
        auto options = m_server->options();
        options.lockTimeout = 200ms;
        auto store = services::openStore(options);
        QVERIFY(store);
        Writer writer(std::move(*(*store)->session("worker", {})));
        QVERIFY(writer.begin());
        {
            pqxx::connection other(m_server->url());
            pqxx::work lock(other);
            lock.exec("LOCK TABLE log_events");
            const auto outcome = writer.commit(rowsOf(0, 10));
            QVERIFY(!outcome);
            QCOMPARE(outcome.error().kind, core::ErrorKind::Transient);
        }
        verifyCommitted(writer.commit(rowsOf(0, 10)));
    }

    void aLockThatMeetsANewConnectionIsTransient() {
        auto options = m_server->options();
        options.lockTimeout = 200ms;
        auto store = services::openStore(options);
        QVERIFY(store);
        Writer writer(std::move(*(*store)->session("worker", {})));
        QVERIFY(writer.begin());
        {
            pqxx::connection other(m_server->url());
            pqxx::work lock(other);
            lock.exec("LOCK TABLE kafka_offsets IN EXCLUSIVE MODE");
            m_server->run("SELECT pg_terminate_backend(backend_pid) FROM kafka_offsets");
            for (int i = 0; i < 2; ++i) { // the loss may be found out by the first
                const auto outcome = writer.commit(rowsOf(0, 10));
                QVERIFY(!outcome);
                QCOMPARE(outcome.error().kind, core::ErrorKind::Transient);
            }
        }
        verifyCommitted(writer.commit(rowsOf(0, 10)));
    }

    void aRowThatIsRefusedAtCommitIsFound() {
        refuseAtCommit("log_events", "NEW.message = 'bad'");
        Writer writer = writerOf("worker");
        auto rows = rowsOf(0, 100);
        rows[41].message = "bad";
        const auto refused = writer.commit(rows);
        QVERIFY2(refused, refused ? "" : refused.error().message.c_str());
        QCOMPARE(refused->kind, Kind::BadRows);
        QCOMPARE(refused->badRows.size(), std::size_t{1});
        QCOMPARE(refused->badRows.front().row, 41U);
        rows.erase(rows.begin() + 41);
        verifyCommitted(writer.commit(rows));
    }

    void aRefusalThatNoRowExplainsIsFinalInTheEnd() {
        refuseAtCommit("run_counts", "true");
        Writer writer = writerOf("worker");
        for (const auto kind : {core::ErrorKind::Transient, core::ErrorKind::Transient, core::ErrorKind::Refused}) {
            const auto outcome = writer.commit(rowsOf(0, 10));
            QVERIFY(!outcome);
            QCOMPARE(outcome.error().kind, kind);
            QVERIFY2(outcome.error().message.find("not this one") != std::string::npos,
                     outcome.error().message.c_str());
        }
    }

    void aSilentServerIsCutOff_data() {
        QTest::addColumn<bool>("byStop");
        QTest::addColumn<int>("timeoutMs");
        QTest::addColumn<int>("limitMs");
        QTest::newRow("at the time-out") << false << 400 << 30'000;
        QTest::newRow("at the caller's limit, where that is shorter") << false << 30'000 << 400;
        QTest::newRow("within 200 ms of a stop") << true << 30'000 << 30'000;
    }
    void aSilentServerIsCutOff() {
        QFETCH(bool, byStop);
        QFETCH(int, timeoutMs);
        QFETCH(int, limitMs);
        auto options = m_server->options();
        options.address = *services::readStoreAddress(
            m_server->urlIn(m_server->serverUrl(), "%20-cstatement_timeout%3D0%20-clock_timeout%3D0"));
        options.timeout = std::chrono::milliseconds(timeoutMs);
        auto store = services::openStore(options);
        QVERIFY(store);
        std::stop_source stop;
        auto session = (*store)->session("worker", stop.get_token());
        QVERIFY2(session, session ? "" : session.error().message.c_str());
        Writer writer(std::move(*session));
        QVERIFY(writer.begin());
        pqxx::connection other(m_server->url());
        pqxx::work lock(other);
        lock.exec("LOCK TABLE log_events");
        auto commit = std::async(std::launch::async,
                                 [&] { return writer.commit(rowsOf(0, 10), {}, std::chrono::milliseconds(limitMs)); });
        if (byStop) {
            waitUntilBlocked();
            stop.request_stop();
        }
        QCOMPARE(commit.wait_for(byStop ? 200ms : 1000ms), std::future_status::ready);
        const auto outcome = commit.get();
        QVERIFY(!outcome);
        QCOMPARE(outcome.error().kind, core::ErrorKind::Transient);
        const QByteArray said = QByteArray::fromStdString(outcome.error().message);
        QVERIFY2(said.contains(byStop ? "cut off by the stop" : "no answer within 0.4 s"), said.constData());
    }

    void aConnectionLostBetweenBatchesIsMadeAgain() {
        Writer writer = writerOf("worker");
        verifyCommitted(writer.commit(rowsOf(0, 10)));
        m_server->run("SELECT pg_terminate_backend(backend_pid) FROM kafka_offsets");
        // The session may find it out before it uses the connection, or by using it.
        auto next = writer.commit(rowsOf(10, 10));
        if (!next) {
            QCOMPARE(next.error().kind, core::ErrorKind::Transient);
            const QByteArray said = QByteArray::fromStdString(next.error().message);
            QVERIFY2(said.startsWith("storing a batch of 10 rows: PostgreSQL at "), said.constData());
            QVERIFY2(said.contains("terminating connection") || said.contains("server closed the connection"),
                     said.constData());
            next = writer.commit(rowsOf(10, 10));
        }
        verifyCommitted(next);
        QCOMPARE(m_server->number("SELECT count(*) FROM log_events"), 20);
        // The table names the new server process, for the next one who takes over.
        QCOMPARE(
            m_server->number("SELECT count(*) FROM kafka_offsets o JOIN pg_stat_activity a ON a.pid = o.backend_pid "
                             "AND a.backend_start = o.backend_start"),
            1);
    }

private:
    void refuseAtCommit(const std::string& table, const std::string& condition) {
        m_server->run("CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF " + condition +
                      " THEN RAISE EXCEPTION 'not this one'; END IF; RETURN NULL; END $$");
        m_server->run("CREATE CONSTRAINT TRIGGER late AFTER INSERT ON " + table +
                      " DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION refuse()");
    }
    Writer writerOf(const std::string& owner, const core::TopicPartition& where = partition()) {
        auto session = m_store->session(owner, {});
        if (!session) {
            qFatal("%s", session.error().message.c_str());
        }
        Writer writer(std::move(*session), where);
        if (const auto begun = writer.begin(); !begun) {
            qFatal("%s", begun.error().message.c_str());
        }
        return writer;
    }
    static core::DeadLetter letter(std::int64_t offset) {
        return {
            .partition = partition(), .offset = {offset}, .payload = "{", .key = "key", .reason = "not JSON", .id = {}};
    }
    static void verifyCommitted(const core::Result<core::CommitOutcome>& outcome) {
        QVERIFY2(outcome, outcome ? "" : outcome.error().message.c_str());
        QVERIFY2(outcome->kind == Kind::Committed, outcome->reason.c_str());
    }
    void waitUntilBlocked() {
        QTRY_VERIFY(m_server->number(
                        "SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = 'log_events'::regclass") > 0);
    }

    std::unique_ptr<PostgresFixture> m_server;
    std::unique_ptr<core::Store> m_store;
};

TEST_CLASS(PostgresSessionTest)
#include "tst_postgres_session.moc"
