// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/store/store_address.h"
#include "tests/services/search_rules.h"
#include "tests/test_class.h"

#include <sqlite3.h>

#include <QTemporaryDir>

using namespace search_rules;
using namespace store_rows;

/// Searching the embedded store; what both stores promise stands in search_rules.h.
class SqliteSearchTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init() {
        m_folder = std::make_unique<QTemporaryDir>();
        m_path = m_folder->filePath(QStringLiteral("events.sqlite")).toStdString();
        m_store = std::move(*services::openStore(
            {.address = *services::readStoreAddress("sqlite:" + m_path), .clusterId = "cluster", .runId = "run"}));
        QVERIFY(m_store->prepare(kDue));
        m_writer = std::make_unique<Writer>(std::move(*m_store->session("worker", {})));
        QVERIFY(m_writer->begin());
        write(sampleRows());
        m_reader = std::move(*services::openStoreReader({.address = *services::readStoreAddress("sqlite:" + m_path)}));
    }
    void cleanup() {
        m_reader.reset();
        m_writer.reset();
        m_store.reset();
        m_folder.reset();
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

    void theTimeOutKeepsWhatWasFound() {
        std::vector<core::EventRow> rows;
        for (int i = 100; i < 5'100; ++i) {
            rows.push_back(rowAt(i, core::Level::Trace, "many", "row"));
        }
        write(rows);
        core::LogQuery query;
        query.limit = 100'000;
        query.timeout = core::Nanoseconds(0); // looked at after 512 rows
        const core::LogPage page = pageOf(*m_reader, query);
        QCOMPARE(page.end, End::TimedOut);
        QCOMPARE(page.rows.size(), std::size_t{512});
        QCOMPARE(*page.next, page.rows.back().id);
    }

    void aStopEndsTheSearch() {
        std::stop_source stop;
        stop.request_stop();
        const auto page = m_reader->search({}, stop.get_token());
        QVERIFY(!page);
        QCOMPARE(page.error().kind, core::ErrorKind::Transient);
    }

    void tagsAreRead() {
        verifyRuns(*m_store, *m_reader);
        run("UPDATE runs SET tags = '[\"nightly\",\"with, comma\"]' WHERE id = 'b'");
        QCOMPARE(m_reader->runs(1, {})->front().tags, (std::vector<std::string>{"nightly", "with, comma"}));
        run("UPDATE runs SET tags = 'broken', head = 'broken' WHERE id = 'b'");
        const auto damaged = m_reader->runs(1, {});
        QVERIFY(damaged);
        QVERIFY(damaged->front().tags.empty());
    }

    void aFileThatIsNotThereIsNotMade() {
        const QString missing = m_folder->filePath(QStringLiteral("missing.sqlite"));
        const auto reader =
            services::openStoreReader({.address = *services::readStoreAddress("sqlite:" + missing.toStdString())});
        QVERIFY(!reader);
        QVERIFY2(QByteArray::fromStdString(reader.error().message).endsWith("unable to open database file"),
                 reader.error().message.c_str());
        QVERIFY(!QFile::exists(missing));
    }

private:
    void write(const std::vector<core::EventRow>& rows) {
        const auto outcome = m_writer->commit(rows);
        QVERIFY2(outcome, outcome ? "" : outcome.error().message.c_str());
    }
    std::function<void(std::vector<core::EventRow>)> writing() {
        return [this](const std::vector<core::EventRow>& rows) { write(rows); };
    }
    void run(const char* statement) {
        sqlite3* database = nullptr;
        sqlite3_open(m_path.c_str(), &database);
        QCOMPARE(sqlite3_exec(database, statement, nullptr, nullptr, nullptr), SQLITE_OK);
        sqlite3_close(database);
    }

    std::unique_ptr<QTemporaryDir> m_folder;
    std::string m_path;
    std::unique_ptr<core::Store> m_store;
    std::unique_ptr<Writer> m_writer;
    std::unique_ptr<core::StoreReader> m_reader;
};

TEST_CLASS(SqliteSearchTest)
#include "tst_sqlite_search.moc"
