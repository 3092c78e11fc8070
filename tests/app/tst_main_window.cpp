#include "app/desktop/bridge/state_line.h"
#include "app/desktop/main_window.h"
#include "app/desktop/start_up.h"

#include <QDirIterator>
#include <QLabel>
#include <QTemporaryDir>
#include <QtTest>
#include <vector>

namespace {

constexpr int kPatienceMs = 60'000;

const char* const kScenario = R"(version: 1
name: two short seconds
drain: 10s
streams:
  - name: only
    stages:
      - {duration: 2s, rate: 500/s}
thresholds:
  - lost == 0
target: embedded
)";

QString stateOf(const app::MainWindow& window) {
    return window.findChild<QLabel*>(QStringLiteral("state"))->text();
}

core::Result<app::PreparedRun> refuse(const std::filesystem::path&) {
    return core::invalid("load.yaml:3:1: rate: 'fast' is not a rate.");
}

services::RunStatus statusInSecondStage() {
    services::RunStatus status;
    status.phase = services::Phase::Stages;
    status.stage = "baseline 2/3";
    status.left = std::chrono::milliseconds(37'400);
    core::Snapshot& snapshot = status.snapshot;
    snapshot.at = core::Instant(std::chrono::seconds(11));
    snapshot.sinceStart = std::chrono::seconds(11);
    snapshot.streams.resize(1);
    snapshot.streams[0].target = core::Rate{10'000};
    snapshot.streams[0].producer.planned = 110'000;
    snapshot.streams[0].producer.sent = 110'000;
    core::of(snapshot.streams[0].latency, core::Metric::EndToEnd).record(std::chrono::microseconds(13'100), 2'000);
    snapshot.consumer.stored = 109'000;
    snapshot.backlog = 142;
    return status;
}

} // namespace

class MainWindowTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { QLocale::setDefault(QLocale(QLocale::English, QLocale::UnitedStates)); }

    void choosesBetweenWindowAndCommandLine_data() {
        QTest::addColumn<QStringList>("arguments");
        QTest::addColumn<bool>("window");
        const auto row = [](const char* rule, const char* arguments, bool window) {
            QTest::newRow(rule) << QString::fromLatin1(arguments).split(QLatin1Char(' '), Qt::SkipEmptyParts) << window;
        };
        row("no argument opens the window", "", true);
        row("a scenario file opens the window", "load.yaml", true);
        row("a verb does not", "run load.yaml", false);
        row("--help does not", "--help", false);
        row("--version does not", "--version", false);
        row("--headless does not", "--headless load.yaml", false);
        row("two files are the command line's to refuse", "a.yaml b.yaml", false);
        row("an unknown word is the command line's to refuse", "rnu", false);
    }

    void choosesBetweenWindowAndCommandLine() {
        QFETCH(QStringList, arguments);
        QFETCH(bool, window);
        std::vector<std::string> texts;
        for (const QString& argument : arguments) {
            texts.push_back(argument.toStdString());
        }
        const std::vector<std::string_view> views(texts.begin(), texts.end());
        QCOMPARE(app::opensWindow(views), window);
    }

    void stateLineTellsTheFiguresOfTheLastSecond() {
        const services::RunStatus now = statusInSecondStage();
        core::Snapshot earlier = now.snapshot;
        earlier.at -= std::chrono::seconds(1);
        earlier.sinceStart -= std::chrono::seconds(1);
        earlier.streams[0].producer.planned = 100'000;
        earlier.streams[0].producer.sent = 100'010;
        earlier.streams[0].latency = {};
        earlier.consumer.stored = 99'020;
        QCOMPARE(app::stateLine(now, earlier, false),
                 QStringLiteral("stage baseline 2/3 · 38 s left · target 10,000/s, sent 9,990/s, stored 9,980/s · "
                                "end-to-end p99 13.1 ms · backlog 142"));
    }

    void stateLineLabelsALatencyOfTheEmbeddedBroker() {
        const services::RunStatus now = statusInSecondStage();
        core::Snapshot earlier;
        earlier.at = core::Instant(std::chrono::seconds(1));
        earlier.streams.resize(1);
        QVERIFY(app::stateLine(now, earlier, true).contains(QStringLiteral("p99 13.1 ms (embedded broker)")));
        QVERIFY(!app::stateLine(now, earlier, false).contains(QStringLiteral("embedded")));
    }

    void stateLineShowsAPercentileOfTooFewValuesAsADash() {
        services::RunStatus now = statusInSecondStage();
        core::Snapshot earlier = now.snapshot;
        earlier.at -= std::chrono::seconds(1);
        earlier.sinceStart -= std::chrono::seconds(1);
        QVERIFY(app::stateLine(now, earlier, true).contains(QStringLiteral("end-to-end p99 –")));
    }

    void anEmptyWindowSaysHowToBegin() {
        app::MainWindow window(refuse);
        QCOMPARE(window.windowTitle(), QStringLiteral("Millrace"));
        QCOMPARE(stateOf(window), QStringLiteral("Open a scenario to run it (File, Open scenario…)."));
    }

    void aRunThatCannotStartSaysWhyAndAnotherMayBeOpened() {
        app::MainWindow window(refuse);
        for (int attempt = 0; attempt < 2; ++attempt) {
            window.openScenario(QStringLiteral("load.yaml"));
            QCOMPARE(stateOf(window), QStringLiteral("Starting load.yaml…"));
            QTRY_COMPARE(stateOf(window), QStringLiteral("load.yaml:3:1: rate: 'fast' is not a rate."));
        }
    }

    void aRunGoesFromItsStateLineToItsVerdictAndResultFile() {
        const QTemporaryDir folder;
        app::MainWindow window(app::preparationInto(folder.filePath(QStringLiteral("results")).toStdString()));
        window.openScenario(scenarioIn(folder));
        QTRY_COMPARE_WITH_TIMEOUT(window.windowTitle(), QStringLiteral("two short seconds – Millrace"), kPatienceMs);
        QTRY_VERIFY_WITH_TIMEOUT(stateOf(window).contains(QStringLiteral("backlog")), kPatienceMs);
        QTRY_VERIFY_WITH_TIMEOUT(stateOf(window).startsWith(QStringLiteral("Passed")), kPatienceMs);
        QCOMPARE(resultsIn(folder), 1);
    }

    void closingTheWindowEndsTheRunFirst() {
        const QTemporaryDir folder;
        app::MainWindow window(app::preparationInto(folder.filePath(QStringLiteral("results")).toStdString()));
        window.show();
        window.openScenario(scenarioIn(folder));
        QVERIFY(!window.close());
        QTRY_VERIFY_WITH_TIMEOUT(!window.isVisible(), kPatienceMs);
        QCOMPARE(resultsIn(folder), 1);
    }

private:
    static QString scenarioIn(const QTemporaryDir& folder) {
        QFile file(folder.filePath(QStringLiteral("short.yaml")));
        if (!file.open(QIODevice::WriteOnly) || file.write(kScenario) < 0) {
            qFatal("cannot write %s", qPrintable(file.fileName()));
        }
        return file.fileName();
    }

    static int resultsIn(const QTemporaryDir& folder) {
        QDirIterator walk(folder.path(), {QStringLiteral("result.json")}, QDir::Files, QDirIterator::Subdirectories);
        int found = 0;
        for (; walk.hasNext(); walk.next()) {
            ++found;
        }
        return found;
    }
};

QTEST_MAIN(MainWindowTest)
#include "tst_main_window.moc"
