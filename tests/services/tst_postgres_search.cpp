// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/services/postgres_fixture.h"
#include "tests/services/search_rules.h"
#include "tests/test_class.h"

#include <thread>

using namespace search_rules;
using namespace store_rows;

/// Searching a real PostgreSQL; what both stores promise stands in search_rules.h.
class PostgresSearchTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init() {
        m_postgres = PostgresFixture::create();
        QVERIFY(m_postgres);
        m_store = std::move(*services::openStore(m_postgres->options()));
        QVERIFY(m_store->prepare(kDue));
        m_writer = std::make_unique<Writer>(std::move(*m_store->session("worker", {})));
        QVERIFY(m_writer->begin());
        write(sampleRows());
        m_reader = std::move(*services::openStoreReader(m_postgres->options()));
    }
    void cleanup() {
        m_reader.reset();
        m_writer.reset();
        m_store.reset();
        m_postgres.reset();
    }

    void findsWhatFits_data() { addRuleRows(); }
    void findsWhatFits() {
        QFETCH(core::LogQuery, query);
        QTEST(numbersOf(pageOf(*m_reader, query)), "found");
    }

    void answersEveryField() { verifyFields(*m_reader); }
    void pagesHaveNoGapsAndNoRepeatsWhileRowsAreAdded() { verifyPagingWhileRowsAreAdded(*m_reader, writing()); }
    void aPageLooksAtSoManyRowsAtTheMost() { verifyBoundOfRowsLookedAt(*m_reader, writing()); }
    void longMessagesAreCut() { verifyLongMessagesAreCut(*m_reader, writing()); }
    void listsTheRunsNewestFirst() { verifyRuns(*m_store, *m_reader); }
    void refusesWhatCannotBeAsked() { verifyRefusals(*m_reader); }

    void tagsAreRead() {
        verifyRuns(*m_store, *m_reader);
        m_postgres->run("UPDATE runs SET tags = '{nightly,\"with, comma\"}' WHERE id = 'b'");
        QCOMPARE(m_reader->runs(1, {})->front().tags, (std::vector<std::string>{"nightly", "with, comma"}));
    }

    void aWalkGoesThroughManySlices() {
        m_postgres->run("INSERT INTO log_events (id, level, message, source, \"timestamp\") "
                        "SELECT (lpad(to_hex(1800000000000 + n), 12, '0') || '70008000000000000000')::uuid, 'INFO', "
                        "CASE WHEN n % 1000 = 0 THEN 'rare' ELSE 'common' END, 'bulk', now() "
                        "FROM generate_series(10001, 70000) AS n");
        core::LogQuery query = withText("rare");
        query.limit = 25;
        const auto ids = allIds(*m_reader, query, [](int) {});
        QCOMPARE(ids.size(), std::size_t{60});
        QVERIFY(std::ranges::is_sorted(ids, std::greater()));
    }

    void theTimeOutEndsAStatementThatWaits() {
        pqxx::work lock(m_postgres->connection());
        lock.exec("LOCK TABLE log_events IN ACCESS EXCLUSIVE MODE");
        core::LogQuery query;
        query.timeout = 200ms;
        const core::LogPage page = pageOf(*m_reader, query);
        QCOMPARE(page.end, End::TimedOut);
        QVERIFY(page.rows.empty());
        lock.abort();
        query.before = page.next;
        query.timeout = 10s;
        QCOMPARE(numbersOf(pageOf(*m_reader, query)), (std::vector<int>{5, 4, 3, 2, 1, 0, 6}));
    }

    void aStopEndsAStatementThatWaits() {
        pqxx::work lock(m_postgres->connection());
        lock.exec("LOCK TABLE log_events IN ACCESS EXCLUSIVE MODE");
        std::stop_source stop;
        const std::jthread stopper([&] {
            while (waiting() == 0 && !stop.stop_requested()) {
                std::this_thread::yield();
            }
            stop.request_stop();
        });
        const auto page = m_reader->search({}, stop.get_token());
        stop.request_stop();
        QVERIFY(!page);
        QVERIFY2(QByteArray::fromStdString(page.error().message).endsWith("cut off by the stop"),
                 page.error().message.c_str());
        lock.abort();
        QCOMPARE(pageOf(*m_reader, {}).rows.size(), std::size_t{7}); // on a connection made anew
    }

    void aSearchNeedsNoRightToWrite() {
        m_postgres->run("REVOKE INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA " + m_postgres->schema() +
                        " FROM CURRENT_USER");
        QVERIFY(m_reader->search({}, {}));
        QVERIFY(m_reader->runs(1, {}));
    }

    void aStoreWithoutTablesSaysWhatToDo() {
        m_postgres->run("DROP TABLE log_events");
        const auto page = m_reader->search({}, {});
        QVERIFY(!page);
        QVERIFY2(QByteArray::fromStdString(page.error().message).endsWith("run 'millraced init' first"),
                 page.error().message.c_str());
    }

    void aTimeBeyondAllCalendarsIsNothing() {
        m_postgres->run("UPDATE log_events SET \"timestamp\" = 'infinity'");
        for (const core::LogRow& row : pageOf(*m_reader, {}).rows) {
            QVERIFY(!row.timestamp);
        }
    }

private:
    void write(const std::vector<core::EventRow>& rows) {
        const auto outcome = m_writer->commit(rows);
        QVERIFY2(outcome, outcome ? "" : outcome.error().message.c_str());
    }
    std::function<void(std::vector<core::EventRow>)> writing() {
        return [this](const std::vector<core::EventRow>& rows) { write(rows); };
    }
    /// Searches of ours that wait for a lock.
    int waiting() {
        return std::stoi(m_postgres->runAsAdmin("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' "
                                                "AND query LIKE '%row_number()%' AND pid <> pg_backend_pid()"));
    }

    std::unique_ptr<PostgresFixture> m_postgres;
    std::unique_ptr<core::Store> m_store;
    std::unique_ptr<Writer> m_writer;
    std::unique_ptr<core::StoreReader> m_reader;
};

TEST_CLASS(PostgresSearchTest)
#include "tst_postgres_search.moc"
