// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/store/store.h"
#include "services/store/store_address.h"
#include "tests/services/store_rows.h"
#include "tests/test_class.h"

#include <sqlite3.h>
#include <sys/resource.h>

#include <QTemporaryDir>
#include <QtTest>
#include <csignal>
#include <thread>

using namespace store_rows;
using namespace std::chrono_literals;
using Kind = core::CommitOutcome::Kind;

/// The embedded store: the same promises as PostgreSQL's, in one file.
class SqliteStoreTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init() {
        m_folder = std::make_unique<QTemporaryDir>();
        m_path = m_folder->filePath(QStringLiteral("events.sqlite")).toStdString();
        m_store = open();
        QVERIFY(m_store->prepare(kDue));
    }
    void cleanup() {
        m_store.reset();
        m_folder.reset();
    }

    void storesEveryFieldAsItIs() {
        Writer writer = writerOf("worker");
        core::EventRow row = rowOf(7);
        row.message = "Gr\xC3\xBC\xC3\x9F"
                      "e\n'\"\\";
        row.timestamp = core::WallTime(core::Nanoseconds(-1));
        row.traceId = {};
        verifyCommitted(writer.commit({row}));
        QCOMPARE(ask("SELECT lower(hex(id)) FROM log_events"),
                 QByteArray::fromStdString(idOf(7).text()).replace("-", ""));
        QCOMPARE(ask("SELECT message FROM log_events"), QByteArray("Gr\xC3\xBC\xC3\x9F"
                                                                   "e\n'\"\\"));
        QCOMPARE(ask("SELECT level || source || \"timestamp\" || (trace_id IS NULL) FROM log_events"),
                 QByteArray("WARNpayment-service-11"));
    }

    void doublesAreToldByTheirIndex() {
        Writer writer = writerOf("worker");
        verifyCommitted(writer.commit(rowsOf(0, 10)));
        core::EventRow later = rowOf(3);
        later.timestamp += 24h;
        const auto outcome = writer.commit({rowOf(100), later, rowOf(101), rowOf(9)});
        verifyCommitted(outcome);
        QCOMPARE(outcome->alreadyStored, (std::vector<std::uint32_t>{1, 3}));
        QCOMPARE(ask("SELECT count(*) FROM log_events"), QByteArray("12"));
    }

    void countsAndOffsetsMoveInTheSameTransaction() {
        Writer writer = writerOf("worker-1");
        verifyCommitted(writer.commit(rowsOf(0, 10)));
        verifyCommitted(writer.commit(rowsOf(5, 10)));
        Writer other = writerOf("worker-2", partition(1));
        verifyCommitted(other.commit(rowsOf(50, 3), {letter()}));
        const auto counts = m_store->runCounts("run");
        QVERIFY(counts);
        QCOMPARE(*counts, (core::ConsumerCounts{.polled = 24, .stored = 18, .duplicateStore = 5, .deadLettered = 1}));
        QCOMPARE(*m_store->positions(), (std::vector<std::pair<core::TopicPartition, core::Offset>>{
                                            {partition(0), {20}}, {partition(1), {4}}}));
    }

    void aFencedBatchWritesNothing() {
        Writer former = writerOf("former");
        verifyCommitted(former.commit(rowsOf(0, 10)));
        Writer next = writerOf("next");
        QCOMPARE(next.owned().next, std::optional(core::Offset{10}));
        const auto late = former.commit(rowsOf(10, 10), {letter()});
        QVERIFY(late);
        QCOMPARE(late->kind, Kind::Fenced);
        next.owned().next = core::Offset{3}; // not what the store holds
        const auto moved = next.commit(rowsOf(10, 10));
        QVERIFY(moved);
        QCOMPARE(moved->kind, Kind::Fenced);
        QCOMPARE(ask("SELECT count(*) FROM log_events"), QByteArray("10"));
        QCOMPARE(ask("SELECT count(*) FROM dead_letters"), QByteArray("0"));
        QCOMPARE(ask("SELECT polled FROM run_counts"), QByteArray("10"));
    }

    void whatIsCommittedIsThereAfterOpeningAgain() {
        {
            Writer writer = writerOf("worker");
            verifyCommitted(writer.commit(rowsOf(0, 10), {letter()}));
        }
        const std::string tag = *m_store->tag();
        m_store.reset();
        m_store = open();
        QVERIFY(m_store->prepare(kDue));
        QCOMPARE(*m_store->tag(), tag);
        QCOMPARE(tag.size(), std::size_t{36});
        QCOMPARE(m_store->positions()->front().second, core::Offset{11});
        QCOMPARE(ask("SELECT hex(payload) FROM dead_letters"), QByteArray("007B"));
    }

    void theAuditSeesEveryIdOfTheRunAndNoOther() {
        Writer writer = writerOf("worker");
        auto rows = rowsOf(0, 1000);
        rows.push_back(rowOf(0));
        rows.back().id = core::EventId::compose({.due = kDue, .runTag = kRunTag + 1, .stream = 0, .sequence = 5});
        core::DeadLetter dead = letter();
        dead.id = idOf(5000);
        verifyCommitted(writer.commit(rows, {dead}));
        std::size_t stored = 0;
        std::vector<core::EventId> letters;
        QVERIFY(m_store->eachId({.runTag = kRunTag, .streams = 1, .from = kDue - 1ms, .until = kDue},
                                [&](const core::StoredId& id) {
                                    stored += id.deadLettered ? 0 : 1;
                                    if (id.deadLettered) {
                                        letters.push_back(id.id);
                                    }
                                }));
        QCOMPARE(stored, std::size_t{1000});
        QCOMPARE(letters, std::vector<core::EventId>{idOf(5000)});
    }

    void manySessionsShareTheOneWriter() {
        std::vector<std::jthread> workers;
        std::atomic<int> failures = 0;
        for (std::int32_t number = 0; number < 4; ++number) {
            workers.emplace_back([this, number, &failures] {
                Writer writer = writerOf("worker-" + std::to_string(number), partition(number));
                for (std::uint64_t batch = 0; batch < 20; ++batch) {
                    const auto outcome =
                        writer.commit(rowsOf(static_cast<std::uint64_t>(number) * 10'000 + batch * 50, 50));
                    failures += outcome && outcome->kind == Kind::Committed && outcome->alreadyStored.empty() ? 0 : 1;
                }
            });
        }
        workers.clear();
        QCOMPARE(failures.load(), 0);
        QCOMPARE(ask("SELECT count(*) FROM log_events"), QByteArray("4000"));
        QCOMPARE(m_store->runCounts("run")->stored, std::uint64_t{4000});
    }

    void aFullDiskIsFatalAndWritesNothingOfTheBatch() {
        Writer writer = writerOf("worker");
        verifyCommitted(writer.commit(rowsOf(0, 10)));
        rlimit before{};
        ::getrlimit(RLIMIT_FSIZE, &before);
        ::signal(SIGXFSZ, SIG_IGN);
        const rlimit little{.rlim_cur = 256 * 1024, .rlim_max = before.rlim_max}; // no file may grow beyond that
        ::setrlimit(RLIMIT_FSIZE, &little);
        const auto refused = writer.commit(rowsOf(1'000, 50'000));
        ::setrlimit(RLIMIT_FSIZE, &before);
        QVERIFY(!refused);
        QCOMPARE(refused.error().kind, core::ErrorKind::Fatal);
        QVERIFY2(refused.error().message.starts_with("local disk full or failing: no room for " + m_path),
                 refused.error().message.c_str());
        QCOMPARE(ask("SELECT count(*) FROM log_events"), QByteArray("10"));
        verifyCommitted(writer.commit(rowsOf(1'000, 50'000))); // there is room again
        QCOMPARE(ask("SELECT count(*) FROM log_events"), QByteArray("50010"));
    }

    void tablesOfAnotherShapeAreRefused() {
        m_store.reset();
        QFile::remove(QString::fromStdString(m_path));
        ask("CREATE TABLE log_events (id TEXT PRIMARY KEY, body TEXT)");
        m_store = open();
        const auto prepared = m_store->prepare(kDue);
        QVERIFY(!prepared);
        QCOMPARE(prepared.error().kind, core::ErrorKind::Refused);
        QVERIFY2(QByteArray::fromStdString(prepared.error().message)
                     .endsWith("the table log_events has no column "
                               "processed_at: give another file"),
                 prepared.error().message.c_str());
    }

    void aFileThatIsNoneOfSqliteIsRefused() {
        const QString path = m_folder->filePath(QStringLiteral("notes.txt"));
        QFile file(path);
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(QByteArray(4096, 'x'));
        file.close();
        const auto store =
            services::openStore({.address = *services::readStoreAddress("sqlite:" + path.toStdString())});
        QVERIFY(!store);
        QCOMPARE(store.error().kind, core::ErrorKind::Refused);
        QVERIFY2(QByteArray::fromStdString(store.error().message).contains("file is not a database"),
                 store.error().message.c_str());
    }

    void aFolderThatIsNotThereIsASentence() {
        const auto store =
            services::openStore({.address = *services::readStoreAddress("sqlite:/nowhere/at/all/events.sqlite")});
        QVERIFY(!store);
        QCOMPARE(
            store.error().message,
            std::string("opening the store: SQLite file /nowhere/at/all/events.sqlite: unable to open database file"));
    }

private:
    std::unique_ptr<core::Store> open() {
        auto opened = services::openStore(
            {.address = *services::readStoreAddress("sqlite:" + m_path), .clusterId = "cluster", .runId = "run"});
        if (!opened) {
            qFatal("%s", opened.error().message.c_str());
        }
        return std::move(*opened);
    }
    Writer writerOf(const std::string& owner, const core::TopicPartition& where = partition()) {
        Writer writer(std::move(*m_store->session(owner, {})), where);
        if (const auto begun = writer.begin(); !begun) {
            qFatal("%s", begun.error().message.c_str());
        }
        return writer;
    }
    static core::DeadLetter letter() {
        return {.partition = partition(),
                .offset = {3},
                .payload = std::string_view("\0{", 2),
                .key = {},
                .reason = "not JSON",
                .id = {}};
    }
    static void verifyCommitted(const core::Result<core::CommitOutcome>& outcome) {
        QVERIFY2(outcome, outcome ? "" : outcome.error().message.c_str());
        QVERIFY2(outcome->kind == Kind::Committed, outcome->reason.c_str());
    }
    /// The first field of the first row, asked past the store.
    QByteArray ask(const char* statement) {
        sqlite3* database = nullptr;
        sqlite3_open(m_path.c_str(), &database);
        QByteArray answer;
        const auto take = [](void* into, int, char** values, char**) {
            *static_cast<QByteArray*>(into) = values[0];
            return 0;
        };
        char* error = nullptr;
        sqlite3_exec(database, statement, take, &answer, &error);
        if (error != nullptr) {
            qFatal("%s: %s", statement, error);
        }
        sqlite3_close(database);
        return answer;
    }

    std::unique_ptr<QTemporaryDir> m_folder;
    std::string m_path;
    std::unique_ptr<core::Store> m_store;
};

TEST_CLASS(SqliteStoreTest)
#include "tst_sqlite_store.moc"
