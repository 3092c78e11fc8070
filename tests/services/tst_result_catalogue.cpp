// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/archive/folder_claim.h"
#include "services/archive/json_head.h"
#include "services/archive/result_catalogue.h"
#include "services/archive/result_source.h"
#include "services/archive/whole_file.h"
#include "tests/services/report_fixture.h"
#include "tests/test_class.h"

#include <sys/wait.h>
#include <unistd.h>

#include <QDir>
#include <QElapsedTimer>
#include <QTemporaryDir>
#include <csignal>
#include <memory>
#include <sstream>

namespace {

using services::CatalogueEntry;
using State = CatalogueEntry::State;

} // namespace

class TestResultCatalogue : public QObject {
    Q_OBJECT

    std::unique_ptr<QTemporaryDir> m_results;

    std::filesystem::path results() const { return m_results->path().toStdString(); }

    /// results/NAME/FILE
    std::filesystem::path put(const std::string& run, const std::string& file, const std::string& text) const {
        std::filesystem::create_directories(results() / run);
        const core::Status written = services::writeWholeFile(results() / run / file, text);
        return written ? results() / run : std::filesystem::path();
    }

private Q_SLOTS:
    void init() { m_results = std::make_unique<QTemporaryDir>(); }

    void listsTheFiguresOfARun() {
        const std::string json = core::toJson(reportedRun(), false);
        put("a", "result.json", json);
        const auto runs = services::listRuns(results());
        QCOMPARE(runs.size(), std::size_t{1});
        const CatalogueEntry& run = runs.front();
        QVERIFY(run.state == State::Readable);
        QCOMPARE(run.name, std::string("baseline with a burst"));
        QCOMPARE(run.id, std::string("019b7c2e-0000-7000-8000-000000000001"));
        QCOMPARE(run.started, std::string("2026-01-02T03:04:05.678Z"));
        QCOMPARE(run.seconds, 28.0);
        QVERIFY(run.status == core::VerdictStatus::Passed);
        QCOMPARE(run.summary, std::string("Passed: 1,000 events/s for 28 s, all 30,000 stored once"));
        QCOMPARE(run.storedRate, 1'000.0);
        QCOMPARE(run.endToEndP99Ms, std::optional(13.007));
        QVERIFY(run.onEmbeddedBroker);
        QCOMPARE(run.bytes, std::uint64_t{json.size()});
        QVERIFY(run.problem.empty() && run.tags.empty() && !run.baseline);
    }

    void theNewestComesFirst() {
        core::RunResult run = reportedRun();
        put("a", "result.json", core::toJson(run, false));
        run.started = "2026-01-03T00:00:00.000Z";
        put("b", "result.json", core::toJson(run, false));
        const auto runs = services::listRuns(results());
        QCOMPARE(runs.front().folder.filename().string(), std::string("b"));
    }

    void saysWhatCannotBeRead_data() {
        QTest::addColumn<QByteArray>("content");
        QTest::addColumn<QString>("problem");
        QTest::addColumn<int>("state");
        const auto row = [](const char* rule, const QByteArray& content, const char* problem, State state) {
            QTest::newRow(rule) << content << QString::fromUtf8(problem) << static_cast<int>(state);
        };
        const QByteArray whole = QByteArray::fromStdString(core::toJson(reportedRun(), false));
        row("an empty file is damaged", "", "is damaged: it is no result of Millrace.", State::Damaged);
        row("other JSON is no result", "{\"a\": 1}", "is damaged: it is no result of Millrace.", State::Damaged);
        row("a file that is cut off is damaged", whole.left(400), "is damaged: it ends early.", State::Damaged);
        row("a head that is not JSON is damaged", QByteArray(whole).replace("\"run\": {", "\"run\": ["),
            "is damaged: its beginning cannot be read.", State::Damaged);
        row("a wrong type is damage", QByteArray(whole).replace("\"seconds\": 28.0", "\"seconds\": \"28\""),
            "is damaged: its beginning cannot be read.", State::Damaged);
        row("a future schema is named", "{\"schema\": \"millrace.result/3\", \"what\": 1}",
            "was written by a newer Millrace (schema 'millrace.result/3'; this program reads millrace.result/2).",
            State::Newer);
    }

    void saysWhatCannotBeRead() {
        QFETCH(QByteArray, content);
        QFETCH(QString, problem);
        QFETCH(int, state);
        put("a", "result.json", content.toStdString());
        const auto runs = services::listRuns(results());
        QCOMPARE(runs.size(), std::size_t{1});
        QCOMPARE(static_cast<int>(runs.front().state), state);
        QVERIFY2(QString::fromStdString(runs.front().problem).endsWith(problem), runs.front().problem.c_str());
    }

    void aResultOfTheFirstVersionIsListed() {
        std::string old = core::toJson(reportedRun(), false);
        old.replace(old.find("millrace.result/2"), 17, "millrace.result/1");
        put("a", "result.json", old);
        const auto runs = services::listRuns(results());
        QCOMPARE(runs.size(), std::size_t{1});
        QVERIFY2(runs.front().state == State::Readable, runs.front().problem.c_str());
    }

    void aKilledRunShowsWhatItsJournalHolds() {
        put("a", "run.journal", "{\"schema\":\"millrace.journal/1\"}\n" + core::toJson(reportedRun(), false));
        const auto runs = services::listRuns(results());
        QCOMPARE(runs.size(), std::size_t{1});
        QVERIFY(runs.front().state == State::Killed);
        QCOMPARE(runs.front().name, std::string("baseline with a burst"));
        QVERIFY(!runs.front().problem.empty());
    }

    void whatAKilledRunHasOnRecordIsRead() {
        core::RunResult recorded = reportedRun();
        recorded.ledger.closed = false;
        const auto run =
            put("a", "run.journal", "{\"schema\":\"millrace.journal/1\"}\n" + core::toJson(recorded, false));
        const auto read = services::readResult(run);
        QVERIFY2(read, read ? "" : read.error().message.c_str());
        QVERIFY(*read == recorded);
        put("a", "run.journal", "");
        QVERIFY(!services::readResult(run));
    }

    void aKilledRunSaysWhereItRan_data() {
        QTest::addColumn<QByteArray>("head");
        QTest::addColumn<QString>("broker");
        QTest::newRow("as the journal has it")
            << QByteArray(R"({"target":["127.0.0.1:9092","sqlite:a","memory"]})") << QStringLiteral("127.0.0.1:9092");
        QTest::newRow("a damaged head says nothing")
            << QByteArray(R"({"target":["127.0.0.1:9092",3,"memory"]})") << QString();
        QTest::newRow("nor does one that is no JSON") << QByteArray("x") << QString();
    }

    void aKilledRunSaysWhereItRan() {
        QFETCH(QByteArray, head);
        put("a", "run.journal", head.toStdString() + "\n" + core::toJson(reportedRun(), false));
        QTEST(QString::fromStdString(services::listRuns(results()).front().target.broker), "broker");
    }

    void aRunThatIsOnIsNeitherKilledNorDeletedNorRead() {
        const auto run = put("a", "run.journal", "{}\n" + core::toJson(reportedRun(), false));
        {
            const auto claim = services::FolderClaim::acquire(run);
            QVERIFY(claim);
            QVERIFY(services::listRuns(results()).front().state == State::Running);
            const core::Status removed = services::removeRun(run);
            QVERIFY(!removed && removed.error().message.ends_with("its run is not over."));
            const auto read = services::readResult(run);
            QVERIFY(!read && read.error().message.ends_with("is still running."));
            const auto second = services::FolderClaim::acquire(run);
            QVERIFY(!second && second.error().message.ends_with("another Millrace is at work on this run."));
        }
        QVERIFY(services::listRuns(results()).front().state == State::Killed);
        QVERIFY(services::FolderClaim::acquire(run));
    }

    void theClaimEndsWithAKilledProcess() {
        const auto run = put("a", "run.journal", "{}\n" + core::toJson(reportedRun(), false));
        int ready[2] = {-1, -1};
        QCOMPARE(pipe(ready), 0);
        const pid_t other = fork();
        if (other == 0) {
            const auto claim = services::FolderClaim::acquire(run);
            const char done = claim ? 'y' : 'n';
            (void)!write(ready[1], &done, 1);
            pause();
            _exit(0);
        }
        char done = 0;
        QCOMPARE(read(ready[0], &done, 1), ssize_t{1});
        QCOMPARE(done, 'y');
        QVERIFY(services::listRuns(results()).front().state == State::Running);
        kill(other, SIGKILL);
        QCOMPARE(waitpid(other, nullptr, 0), other);
        close(ready[0]);
        close(ready[1]);
        QVERIFY(services::listRuns(results()).front().state == State::Killed);
    }

    void otherFoldersAreNoRuns() {
        put("pictures", "cat.png", "x");
        QVERIFY(services::listRuns(results()).empty());
        QVERIFY(services::listRuns(results() / "nothing").empty());
    }

    void aGigabyteIsListedInWellUnderASecond() {
        const std::string json = core::toJson(reportedRun(), false);
        for (int i = 0; i < 100; ++i) {
            const auto folder = put("run-" + std::to_string(i), "result.json", json);
            // The file's later part, which nobody reads, takes no room on the disk.
            std::filesystem::resize_file(folder / "result.json", 10U << 20U);
        }
        QElapsedTimer timer;
        timer.start();
        const auto runs = services::listRuns(results());
        const qint64 took = timer.elapsed();
        QCOMPARE(runs.size(), std::size_t{100});
        QVERIFY(std::ranges::all_of(runs, [](const CatalogueEntry& run) { return run.state == State::Readable; }));
        QVERIFY2(took < 1'000, qPrintable(QString::number(took)));
    }

    void aListingCanBeStopped() {
        put("a", "result.json", core::toJson(reportedRun(), false));
        QVERIFY(services::listRuns(results(), [] { return true; }).empty());
    }

    void tagsAndBaselineAreRemembered() {
        const auto run = put("a", "result.json", core::toJson(reportedRun(), false));
        QVERIFY(services::setTags(run, {"nightly", "before", "nightly", "خط"}));
        QVERIFY(services::setBaseline(results(), "baseline with a burst", run));
        auto entry = services::listRuns(results()).front();
        QCOMPARE(entry.tags, (std::vector<std::string>{"before", "nightly", "خط"}));
        QVERIFY(entry.baseline);
        QVERIFY(services::setBaseline(results(), "baseline with a burst", std::nullopt));
        QVERIFY(!services::listRuns(results()).front().baseline);
        put("a", "tags.json", "{\"tags\": 3}");
        QVERIFY(services::listRuns(results()).front().tags.empty());
    }

    void deletesARunsFolder() {
        const auto run = put("a", "result.json", core::toJson(reportedRun(), false));
        put("a", "ack.hgrm", "x");
        put("a/svg", "rates.svg", "x");
        QVERIFY(services::setTags(run, {"x"}));
        QVERIFY(services::removeRun(run));
        QVERIFY(!std::filesystem::exists(run));
    }

    void refusesToDeleteWhatIsNoRunsFolder() {
        const auto mixed = put("mixed", "result.json", "{}");
        put("mixed", "thesis.odt", "x");
        const auto other = put("other", "cat.png", "x");
        const auto linked = put("real", "result.json", "{}");
        std::filesystem::create_directory_symlink(linked, results() / "link");
        const auto message = [](const core::Status& status) { return status ? "" : status.error().message; };
        QVERIFY(message(services::removeRun(mixed)).ends_with("it holds thesis.odt, which no run leaves."));
        QVERIFY(message(services::removeRun(other)).ends_with("it holds neither a result nor a journal."));
        QVERIFY(message(services::removeRun(results() / "link")).ends_with("it is no folder."));
        QVERIFY(message(services::removeRun(results() / "nothing")).ends_with("it is no folder."));
        QVERIFY(std::filesystem::exists(mixed / "result.json") && std::filesystem::exists(linked / "result.json"));
    }

    void findsOnlyTheOutermostKey_data() {
        QTest::addColumn<QByteArray>("json");
        QTest::addColumn<QByteArray>("head");
        const auto row = [](const char* rule, const char* json, const char* head) { // ' stands for "
            QTest::newRow(rule) << QByteArray(json).replace('\'', '"') << QByteArray(head).replace('\'', '"');
        };
        row("the key ends the head", "{'a':1,'streams':[]}", "{'a':1}");
        row("not a key within", "{'a':{'b':1,'streams':2},'streams':3}", "{'a':{'b':1,'streams':2}}");
        row("not a value", "{'a':'streams','streams':3}", "{'a':'streams'}");
        row("not in a text", "{'a':',\\'streams\\':','streams':3}", "{'a':',\\'streams\\':'}");
        row("not a longer key", "{'a':1,'streamsX':2,'streams':3}", "{'a':1,'streamsX':2}");
        row("without it there is none", "{'a':1}", "");
    }

    void findsOnlyTheOutermostKey() {
        QFETCH(QByteArray, json);
        std::istringstream in(json.toStdString());
        const auto head = services::objectUpTo(in, "streams", 1'000'000);
        QTEST(QByteArray::fromStdString(head.value_or("")), "head");
    }
};

TEST_CLASS(TestResultCatalogue)
#include "tst_result_catalogue.moc"
