// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/services/postgres_fixture.h"
#include "tests/services/store_rows.h"
#include "tests/test_class.h"

#include <arpa/inet.h>
#include <sys/socket.h>
#include <unistd.h>

#include <QtTest>
#include <future>

using namespace store_rows;
using namespace std::chrono_literals;

/// Tables, partitions, rights and addresses of a real PostgreSQL (contract.md, D2, D5, D6).
class PostgresTablesTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init() { m_server = PostgresFixture::create(); }
    void cleanup() { m_server.reset(); }

    void tablesAreMadeOnceHoweverManyAsk() {
        std::vector<std::future<core::Status>> asked;
        for (int i = 0; i < 4; ++i) {
            asked.push_back(std::async(std::launch::async, [this] { return open()->prepare(kDue); }));
        }
        for (auto& answer : asked) {
            const core::Status status = answer.get();
            QVERIFY2(status, status ? "" : status.error().message.c_str());
        }
        QCOMPARE(m_server->run("SELECT string_agg(relname, ' ' ORDER BY relname) FROM pg_class "
                               "WHERE relnamespace = current_schema()::regnamespace AND relkind IN ('r', 'p')"),
                 std::string("dead_letters kafka_offsets log_events log_events_20270115 log_events_20270116 "
                             "log_events_20270117 log_events_default millrace_store run_counts runs"));
        QCOMPARE(m_server->number("SELECT count(*) FROM millrace_store"), 1);
        QCOMPARE(
            m_server->run("SELECT string_agg(indexname, ' ' ORDER BY indexname) FROM pg_indexes WHERE schemaname = "
                          "current_schema() AND tablename = 'log_events'"),
            std::string("log_events_pkey log_events_timestamp_brin"));
    }

    void theTagStaysTheSameAndBelongsToThisDatabase() {
        auto store = open();
        QVERIFY(store->prepare(kDue));
        const auto tag = store->tag();
        QVERIFY(tag);
        QCOMPARE(tag->size(), std::size_t{36});
        QVERIFY(store->prepare(kDue));
        QCOMPARE(*store->tag(), *tag);
        m_server->run("UPDATE millrace_store SET origin = 'the database of which this is a copy'");
        const auto other = store->tag();
        QVERIFY(other);
        QVERIFY(*other != *tag);
        QCOMPARE(m_server->number("SELECT count(*) FROM millrace_store"), 1);
    }

    void tablesOfAnotherShapeAreRefused_data() {
        QTest::addColumn<QString>("statement");
        QTest::addColumn<QString>("sentence");
        const auto row = [](const char* rule, const char* statement, const char* sentence) {
            QTest::newRow(rule) << QString::fromLatin1(statement) << QString::fromLatin1(sentence);
        };
        row("a column of another type",
            "CREATE TABLE log_events (id text primary key, level text, message text, source text, \"timestamp\" "
            "timestamptz, "
            "trace_id text, processed_at timestamptz)",
            "the column id of the table log_events is text instead of uuid: rename that table");
        row("a time without a zone",
            "CREATE TABLE log_events (id uuid primary key, level text, message text, source text, \"timestamp\" "
            "timestamp, "
            "trace_id text, processed_at timestamptz)",
            "the column timestamp of the table log_events is timestamp without time zone instead of timestamp with "
            "time zone");
        row("a missing column",
            "CREATE TABLE log_events (id uuid primary key, level text, message text, source text, \"timestamp\" "
            "timestamptz, "
            "processed_at timestamptz)",
            "the table log_events has no column trace_id (text): rename that table");
        row("a column that we would leave empty",
            "CREATE TABLE log_events (id uuid primary key, level text, message text, source text, \"timestamp\" "
            "timestamptz, "
            "trace_id text, processed_at timestamptz, tenant int NOT NULL)",
            "the column tenant of the table log_events is none of ours and must not be empty: give it a default");
        row("a key with which an id could be stored twice",
            "CREATE TABLE log_events (id uuid, level text, message text, source text, \"timestamp\" timestamptz, "
            "trace_id text, "
            "processed_at timestamptz, primary key (id, \"timestamp\"))",
            "the primary key of the table log_events is (id, timestamp) instead of (id)");
        row("another of our tables", "CREATE TABLE runs (id integer primary key)",
            "the column id of the table runs is integer instead of text: rename that table");
    }
    void tablesOfAnotherShapeAreRefused() {
        QFETCH(QString, statement);
        QFETCH(QString, sentence);
        m_server->run(statement.toStdString());
        const auto prepared = open()->prepare(kDue);
        QVERIFY(!prepared);
        QCOMPARE(prepared.error().kind, core::ErrorKind::Refused);
        QVERIFY2(QString::fromStdString(prepared.error().message).contains(sentence), prepared.error().message.c_str());
        QCOMPARE(m_server->run("SELECT to_regclass('kafka_offsets')"), std::string()); // nothing half-written
    }

    void aPlainTableWithTheRightColumnsIsTaken() {
        m_server->run(
            "CREATE TABLE log_events (id uuid primary key, level varchar(10), message text, source varchar(255), "
            "\"timestamp\" timestamptz, trace_id varchar, processed_at timestamptz default now(), note text)");
        auto store = open();
        const auto prepared = store->prepare(kDue);
        QVERIFY2(prepared, prepared ? "" : prepared.error().message.c_str());
        Writer writer(std::move(*store->session("worker", {})));
        QVERIFY(writer.begin());
        const auto outcome = writer.commit(rowsOf(0, 10));
        QVERIFY(outcome && outcome->kind == core::CommitOutcome::Kind::Committed);
    }

    void rowsOfANewPartitionMoveOutOfDefault() {
        auto store = open();
        QVERIFY(store->prepare(kDue));
        Writer writer(std::move(*store->session("worker", {})));
        QVERIFY(writer.begin());
        std::vector<core::EventRow> rows = rowsOf(0, 3); // of 2027-01-15
        for (int day = 3; day <= 5; ++day) {
            rows.push_back(rowOf(0));
            rows.back().id = idOf(static_cast<std::uint64_t>(day), day * 24h);
        }
        const auto outcome = writer.commit(rows);
        QVERIFY(outcome && outcome->kind == core::CommitOutcome::Kind::Committed);
        QCOMPARE(m_server->number("SELECT count(*) FROM log_events_20270115"), 3);
        QCOMPARE(m_server->number("SELECT count(*) FROM log_events_default"), 3);
        const auto again = store->prepare(kDue + 2 * 24h); // makes the 18th and the 19th; the 20th stays where it is
        QVERIFY2(again, again ? "" : again.error().message.c_str());
        QCOMPARE(m_server->number("SELECT count(*) FROM log_events_20270118"), 1);
        QCOMPARE(m_server->number("SELECT count(*) FROM log_events_20270119"), 1);
        QCOMPARE(m_server->number("SELECT count(*) FROM log_events_default"), 1);
        QCOMPARE(m_server->number("SELECT count(*) FROM log_events"), 6);
        QCOMPARE(m_server->number("SELECT count(*) FROM log_events WHERE processed_at IS NULL"), 0);
    }

    void partitionsBeginAtMidnightUtc() {
        QVERIFY(open()->prepare(kDue));
        QCOMPARE(m_server->run(
                     "SELECT pg_get_expr(relpartbound, oid) FROM pg_class WHERE oid = 'log_events_20270115'::regclass"),
                 std::string("FOR VALUES FROM ('01a316a4-dc00-0000-0000-000000000000') TO "
                             "('01a31bcb-3800-0000-0000-000000000000')"));
    }

    void whatIsOlderThanTheRetentionIsDroppedByWholeDays() {
        auto store = open();
        QVERIFY(store->prepare(kDue - std::chrono::days(3))); // 12, 13, 14
        QVERIFY(store->prepare(kDue));                        // 15, 16, 17
        m_server->run("INSERT INTO log_events (id, level, message, source, \"timestamp\") VALUES "
                      "('00000000-0000-4000-8000-000000000001', 'INFO', 'old', 's', '2027-01-12T00:00:00Z'), "
                      "('00000000-0000-4000-8000-000000000002', 'INFO', 'new', 's', '2027-01-15T00:00:00Z')");
        m_server->run("INSERT INTO dead_letters (cluster_id, topic, partition, kafka_offset, payload, reason, run_id, "
                      "created_at) VALUES ('c', 't', 0, 0, '', 'old', 'r', '2027-01-13T00:00:00Z'), "
                      "('c', 't', 0, 1, '', 'new', 'r', '2027-01-15T00:00:00Z')");
        QVERIFY(store->dropBefore(kDue - std::chrono::days(1))); // some time on the 14th: that day stays
        QCOMPARE(m_server->run("SELECT string_agg(inhrelid::regclass::text, ' ' ORDER BY inhrelid::regclass::text) "
                               "FROM pg_inherits WHERE inhparent = 'log_events'::regclass"),
                 std::string("log_events_20270114 log_events_20270115 log_events_20270116 log_events_20270117 "
                             "log_events_default"));
        QCOMPARE(m_server->run("SELECT string_agg(message, ' ') FROM log_events"), std::string("new"));
        QCOMPARE(m_server->run("SELECT string_agg(reason, ' ') FROM dead_letters"), std::string("new"));
    }

    void foreignIdsOfAnyVersionAreStored() {
        auto store = open();
        QVERIFY(store->prepare(kDue));
        Writer writer(std::move(*store->session("worker", {})));
        QVERIFY(writer.begin());
        core::EventRow row = rowOf(0);
        row.id = *core::EventId::parse("f47ac10b-58cc-4372-a567-0e02b2c3d479");
        QVERIFY(writer.commit({row}));
        const auto again = writer.commit({row});
        QVERIFY(again);
        QCOMPARE(again->alreadyStored.size(), std::size_t{1});
    }

    void indexesAreAddedOnce() {
        QVERIFY(open()->prepare(kDue));
        const std::vector<std::string> all{"source", "level", "text"};
        for (int i = 0; i < 2; ++i) {
            const auto added = services::addIndexes(m_server->options(), all);
            QVERIFY2(added, added ? "" : added.error().message.c_str());
        }
        QCOMPARE(m_server->number("SELECT count(*) FROM pg_indexes WHERE schemaname = current_schema() AND tablename = "
                                  "'log_events'"),
                 5);
        const std::vector<std::string> wrong{"colour"};
        const auto refused = services::addIndexes(m_server->options(), wrong);
        QVERIFY(!refused);
        QCOMPARE(refused.error().message, std::string("there is no index 'colour': choose from source, level, text"));
    }

    void runsAreRegisteredAndConcluded() {
        auto store = open();
        QVERIFY(store->prepare(kDue));
        QVERIFY(store->registerRun("r1", R"({"state": "running", "clocks": {"boot": "b"}})", kDue));
        QVERIFY(store->finishRun("r1", R"({"state": "passed"})"));
        QCOMPARE(m_server->run("SELECT id || started || clocks || head FROM runs"),
                 std::string(R"(r12027-01-15 08:00:00+00{"boot": "b"}{"state": "passed"})"));
    }

    void factsNameTheSettingsThatMatter() {
        auto store = open();
        QCOMPARE(QString::fromStdString(store->describe()).startsWith(QStringLiteral("PostgreSQL at 127.0.0.1:")),
                 true);
        std::map<std::string, std::string> facts;
        for (const auto& [name, value] : store->facts()) {
            facts[name] = value;
        }
        QCOMPARE(facts["synchronous_commit"], std::string("on"));
        QCOMPARE(facts["fsync"], std::string("on"));
        QVERIFY(!facts["version"].empty() && !facts["shared_buffers"].empty() && !facts["max_wal_size"].empty());
    }

    void theUrlMaySwitchSynchronousCommitOff() {
        auto options = m_server->options();
        options.address =
            *services::readStoreAddress(m_server->urlIn(m_server->serverUrl(), "%20-csynchronous_commit%3Doff"));
        auto store = services::openStore(options);
        QVERIFY(store);
        QVERIFY(std::ranges::count((*store)->facts(),
                                   std::pair<std::string, std::string>("synchronous_commit", "off")) == 1);
    }

    void aRefusalIsASentenceWithoutSecrets_data() {
        QTest::addColumn<QString>("login");
        QTest::addColumn<QString>("database");
        QTest::addColumn<QString>("sentence");
        QTest::newRow("a wrong password") << QStringLiteral("%1:marker-wrong") << QStringLiteral("millrace")
                                          << QStringLiteral("password authentication failed for user");
        QTest::newRow("a database that does not exist")
            << QStringLiteral("%1:marker-right") << QStringLiteral("nowhere")
            << QStringLiteral("database \"nowhere\" does not exist (SQLSTATE 3D000); create it");
    }
    void aRefusalIsASentenceWithoutSecrets() {
        QFETCH(QString, login);
        QFETCH(QString, database);
        QFETCH(QString, sentence);
        const std::string role = PostgresFixture::randomName("login");
        m_server->runAsAdmin("CREATE ROLE " + role + " LOGIN PASSWORD 'marker-right' IN ROLE password_required");
        const std::string host = hostAndPort();
        const auto store =
            services::openStore({.address = *services::readStoreAddress(
                                     "postgresql://" + login.arg(QString::fromStdString(role)).toStdString() + "@" +
                                     host + "/" + database.toStdString())});
        m_server->runAsAdmin("DROP ROLE " + role);
        QVERIFY(!store);
        QCOMPARE(store.error().kind, core::ErrorKind::Refused);
        const QString said = QString::fromStdString(store.error().message);
        QVERIFY2(said.contains(sentence), qPrintable(said));
        QVERIFY2(!said.contains(QStringLiteral("marker")), qPrintable(said));
    }

    void missingRightsAreASentence() {
        QVERIFY(open()->prepare(kDue));
        const std::string role = PostgresFixture::randomName("stranger");
        m_server->runAsAdmin("CREATE ROLE " + role + " LOGIN");
        m_server->run("GRANT USAGE ON SCHEMA " + m_server->schema() + " TO " + role);
        const auto store = services::openStore({.address = *services::readStoreAddress(m_server->urlIn(
                                                    "postgresql://" + role + "@" + hostAndPort() + "/millrace")),
                                                .clusterId = "c"});
        QVERIFY2(store, store ? "" : store.error().message.c_str());
        const auto prepared = (*store)->prepare(kDue);
        m_server->run("REVOKE USAGE ON SCHEMA " + m_server->schema() + " FROM " + role);
        m_server->runAsAdmin("DROP ROLE " + role);
        QVERIFY(!prepared);
        const QString said = QString::fromStdString(prepared.error().message);
        QVERIFY2(prepared.error().kind == core::ErrorKind::Refused, qPrintable(said));
        QVERIFY2(said.contains(QStringLiteral("permission denied for table")) && said.contains(QStringLiteral("GRANT")),
                 qPrintable(said));
    }

    void anAbsentServerIsTransient() {
        const int socket = ::socket(AF_INET, SOCK_STREAM, 0); // bound, not listening: nobody answers there
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t size = sizeof address;
        QCOMPARE(::bind(socket, reinterpret_cast<sockaddr*>(&address), size), 0);
        QCOMPARE(::getsockname(socket, reinterpret_cast<sockaddr*>(&address), &size), 0);
        const auto store = services::openStore(
            {.address = *services::readStoreAddress(
                 "postgresql://u:marker@127.0.0.1:" + std::to_string(ntohs(address.sin_port)) + "/d")});
        ::close(socket);
        QVERIFY(!store);
        QCOMPARE(store.error().kind, core::ErrorKind::Transient);
        const QString said = QString::fromStdString(store.error().message);
        QVERIFY2(said.contains(QStringLiteral("Connection refused")), qPrintable(said));
        QVERIFY2(!said.contains(QStringLiteral("marker")), qPrintable(said));
    }

private:
    std::unique_ptr<core::Store> open() {
        auto opened = services::openStore(m_server->options());
        if (!opened) {
            qFatal("%s", opened.error().message.c_str());
        }
        return std::move(*opened);
    }
    std::string hostAndPort() const {
        const std::string& url = m_server->serverUrl();
        const auto at = url.find('@') + 1;
        return url.substr(at, url.find('/', at) - at);
    }

    std::unique_ptr<PostgresFixture> m_server;
};

TEST_CLASS(PostgresTablesTest)
#include "tst_postgres_tables.moc"
