// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/console.h"
#include "app/cli/run_view.h"
#include "app/cli/text_columns.h"
#include "tests/test_class.h"

#include <QTest>

using namespace std::chrono_literals;

namespace {

/// A run of one stream with `perSecond` events planned and all but the backlog stored, after `at`.
core::RunStatus statusAt(core::Nanoseconds at, std::uint64_t perSecond, std::uint64_t backlog) {
    core::RunStatus status;
    status.phase = core::Phase::Stages;
    status.stage = "baseline 2/3";
    status.progress = 0.52;
    status.left = 29s;
    core::Snapshot& snapshot = status.snapshot;
    snapshot.at = core::Instant(1'000s + at);
    snapshot.sinceStart = at;
    snapshot.backlog = backlog;
    core::StreamSnapshot stream;
    stream.name = "baseline";
    const auto planned = static_cast<std::uint64_t>(std::chrono::duration<double>(at).count()) * perSecond;
    stream.producer = {.planned = planned, .sent = planned, .acked = planned};
    stream.target = {static_cast<double>(perSecond)};
    of(stream.latency, core::Metric::EndToEnd).record(8100us, planned);
    snapshot.streams.push_back(stream);
    snapshot.consumer.stored = snapshot.consumer.polled = planned - backlog;
    return status;
}

QStringList listOf(const std::vector<std::string>& lines) {
    QStringList list;
    for (const std::string& line : lines) {
        list << QString::fromStdString(line);
    }
    return list;
}

core::Window windowOf(core::Nanoseconds length, std::uint64_t backlog, std::uint64_t polled) {
    core::Window window;
    window.length = length;
    window.waiting = backlog;
    window.consumer.polled = polled;
    return window;
}

} // namespace

class TestRunView : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void showsOneBlock() {
        app::RunView view("baseline with a burst", "the embedded broker and store");
        view.observe(statusAt(27s, 1'000, 12));
        core::RunStatus status = statusAt(32s, 1'000, 12);
        status.snapshot.consumer.duplicateFilter = 3;
        status.timeline.push_back({.seconds = 20, .kind = core::MarkKind::Burst, .rate = {10'000}, .duration = 10s});
        view.observe(status);
        QCOMPARE(
            listOf(view.block(100)),
            (QStringList{
                QStringLiteral("baseline with a burst  on  the embedded broker and store"),
                QStringLiteral("stages    [####################....................] 52 %  0:29 left  baseline 2/3"),
                QStringLiteral("rates     target 1,000/s  → sent 1,000/s  → acked 1,000/s  → stored 1,000/s"),
                QStringLiteral("waiting   12 events  steady"),
                QStringLiteral("latency   end-to-end, last 5 s:  p50 8.1 ms  p99 8.1 ms  p99.9 –"),
                QStringLiteral("ledger    planned 32,000  sent 32,000  acked 32,000  stored 31,988  duplicate 3"),
                QStringLiteral("last      20.0 s  burst: 10,000/s for 10 s")}));
    }

    void saysWhatIsNotWell() {
        app::RunView view("name", "place");
        core::RunStatus status = statusAt(5s, 10, 7);
        status.health.names = {
            {{"Kafka", "k:9092"}, {"PostgreSQL", "p:5432/db"}, {"filter in memory", ""}, {"Millrace", ""}}};
        view.observe(status);
        QCOMPARE(view.block(120).at(2),
                 std::string("health    Kafka ok  PostgreSQL ok  filter in memory ok  Millrace ok"));
        status.health.parts[0] = {
            .ailment = core::Ailment::NothingAcked, .since = status.snapshot.at - 7s, .events = 3'245};
        view.observe(status);
        QCOMPARE(
            view.block(160).at(2),
            std::string("health    Kafka at k:9092 acknowledges nothing, 7 s, 3,245 waiting  PostgreSQL ok  filter "
                        "in memory ok  Millrace ok"));
        QVERIFY(view.line().find("  Kafka at k:9092 acknowledges nothing, 7 s, 3,245 waiting") != std::string::npos);
    }

    void saysWhichDaemonIsNotWell() {
        app::RunView view("name", "place");
        core::RunStatus status = statusAt(5s, 10, 7);
        const core::FleetMember well{.address = "10.0.0.1:8081", .role = "producer", .silent = 0.1, .well = true};
        core::FleetMember silent = well;
        silent.address = "10.0.0.2:8081";
        silent.well = false;
        silent.silent = 4.2;
        silent.words = "http://10.0.0.2:8081 did not answer within 2 s.";
        core::FleetMember anew{.address = "10.0.0.3:8082", .role = "consumer", .silent = 0.2, .lost = true};
        anew.words = "It began anew and knows nothing of the run.";
        status.fleet = {well, silent, anew, {.address = "10.0.0.4:8082"}};
        view.observe(status);
        const std::string first = "✗ producer at 10.0.0.2:8081, silent for 4 s: http://10.0.0.2:8081 did not answer "
                                  "within 2 s.";
        const std::string second = "✗ consumer at 10.0.0.3:8082: It began anew and knows nothing of the run.";
        const std::string third = "✗ daemon at 10.0.0.4:8082: it does not answer";
        QCOMPARE(QString::fromStdString(view.block(400).at(2)),
                 QString::fromStdString("health    " + first + "  " + second + "  " + third));
        for (const std::string& each : {first, second, third}) {
            QVERIFY2(view.line().find("  " + each) != std::string::npos, view.line().c_str());
        }
        status.fleet = {well};
        view.observe(status);
        QVERIFY(!view.block(400).at(2).starts_with("health"));
        QVERIFY(view.line().find("10.0.0.1") == std::string::npos);
    }

    void saysHowTheRulesStand() {
        app::RunView view("name", "place");
        core::RunStatus status = statusAt(5s, 10, 7);
        const auto rule = [](const char* text) {
            return *core::Threshold::parse({.rule = text, .during = {}, .abort = false});
        };
        status.rules = {{.rule = rule("end_to_end p99 < 45ms"),
                         .status = core::RuleStatus::Failed,
                         .value = 47'100,
                         .brokeAtSeconds = 3.25},
                        {.rule = rule("unsent == 0"), .status = core::RuleStatus::Passed, .value = 0},
                        {.rule = rule("lost == 0"), .reason = "known when the ledger is closed"}};
        view.observe(status);
        const std::vector<std::string> lines = view.block(160);
        QVERIFY(std::ranges::find(lines, "rules     ✗ end_to_end p99 < 45ms: 47.1 ms, broken since 3.2 s  ✓ unsent == "
                                         "0: 0  – lost == 0") != lines.end());
        QVERIFY(view.line().find("  ✗ end_to_end p99 < 45ms: 47.1 ms, broken since 3.2 s") != std::string::npos);
        QVERIFY(view.line().find("unsent == 0") == std::string::npos); // what is well needs no word
    }

    void whatTheBrokerHasNotAcknowledgedWaitsToo() {
        app::RunView view("name", "place");
        view.observe(statusAt(27s, 1'000, 12));
        core::RunStatus status = statusAt(32s, 1'000, 12);
        status.snapshot.streams.front().producer.acked -= 3'000;
        view.observe(status);
        QVERIFY2(view.line().find("waiting 3,012 growing by 600/s") != std::string::npos, view.line().c_str());
    }

    void breaksLinesOfNarrowTerminalsBetweenItems() {
        app::RunView view("baseline with a burst", "the embedded broker and store");
        view.observe(statusAt(27s, 1'000, 12));
        view.observe(statusAt(32s, 1'000, 12));
        QCOMPARE(
            listOf(view.block(40)),
            (QStringList{
                QStringLiteral("baseline with a burst  on  the embedded…"),
                QStringLiteral("stages    [#####.....] 52 %  0:29 left"), QStringLiteral("          baseline 2/3"),
                QStringLiteral("rates     target 1,000/s  → sent 1,000/s"), QStringLiteral("          → acked 1,000/s"),
                QStringLiteral("          → stored 1,000/s"), QStringLiteral("waiting   12 events  steady"),
                QStringLiteral("latency   end-to-end, last 5 s:"), QStringLiteral("          p50 8.1 ms  p99 8.1 ms"),
                QStringLiteral("          p99.9 –"), QStringLiteral("ledger    planned 32,000  sent 32,000"),
                QStringLiteral("          acked 32,000  stored 31,988")}));
    }

    void noLineIsWiderThanTheTerminal() {
        app::RunView view(std::string(300, 'x'), "somewhere");
        view.observe(statusAt(1s, 1'000'000, 0));
        core::RunStatus status = statusAt(8s, 1'000'000, 5'000'000);
        status.stage = std::string(80, 's');
        status.timeline.push_back({.seconds = 7, .kind = core::MarkKind::Fault, .detail = std::string(200, 'f')});
        view.observe(status);
        for (const std::size_t width : {1U, 2U, 10U, 20U, 33U, 80U, 200U}) {
            for (const std::string& line : view.block(width)) {
                QVERIFY2(app::columnsOf(line) <= width, line.c_str());
            }
        }
    }

    void showsThePhase_data() {
        QTest::addColumn<int>("phase");
        QTest::addColumn<QString>("line");
        const auto row = [](const char* name, core::Phase phase, const char* line) {
            QTest::newRow(name) << static_cast<int>(phase) << QString::fromUtf8(line);
        };
        row("preparing", core::Phase::Preparing,
            "getting ready: connecting, and waiting for the consumers to join their group");
        row("warm-up", core::Phase::Warmup, "warm-up   [##########..........] 52 %  0:29 left  baseline 2/3");
        row("drain", core::Phase::Drain, "drain     waiting for 7 events to be stored  at most 0:29 more");
        row("finished", core::Phase::Finished, "finished: closing the ledger");
    }
    void showsThePhase() {
        QFETCH(const int, phase);
        QFETCH(const QString, line);
        app::RunView view("name", "place");
        core::RunStatus status = statusAt(5s, 10, 7);
        status.phase = static_cast<core::Phase>(phase);
        view.observe(status);
        QCOMPARE(QString::fromStdString(view.block(80).at(1)), line);
    }

    void theWholeIsShownOnlyWhenItIsReached() {
        app::RunView view("name", "place");
        core::RunStatus status = statusAt(5s, 10, 7);
        status.progress = 0.9999;
        status.left = 3'725s;
        view.observe(status);
        QCOMPARE(view.block(80).at(1),
                 std::string("stages    [###################.] 99 %  1:02:05 left  baseline 2/3"));
    }

    void looksBackFiveSecondsOnly() {
        app::RunView view("name", "place");
        for (int i = 1; i <= 20; ++i) { // first slow, then fast
            view.observe(statusAt(std::chrono::seconds(i), i <= 10 ? 100 : 1'000, 0));
        }
        QVERIFY2(view.line().find("sent 1,000/s") != std::string::npos, view.line().c_str());
    }

    void saysALineWithoutATerminal() {
        app::RunView view("name", "place");
        QCOMPARE(view.line(), std::string("0 s  getting ready"));
        view.observe(statusAt(27s, 1'000, 12));
        core::RunStatus status = statusAt(32s, 1'000, 12);
        status.paused = true;
        view.observe(status);
        QCOMPARE(view.line(), std::string("32 s  paused 52 %  target 1,000/s  sent 1,000/s  acked 1,000/s  stored "
                                          "1,000/s  waiting 12 steady  end-to-end p50 8.1 ms  p99 8.1 ms"));
    }

    void tellsEachMarkOnce() {
        app::RunView view("name", "place");
        core::RunStatus status = statusAt(5s, 10, 0);
        status.timeline = {{.seconds = 1, .kind = core::MarkKind::Phase, .phase = core::Phase::Stages},
                           {.seconds = 2.25, .kind = core::MarkKind::Rate, .rate = {500}}};
        view.observe(status);
        QCOMPARE(view.newMarks(),
                 (std::vector<std::string>{"1.0 s  phase: stages", "2.2 s  rate: total rate set to 500/s"}));
        QVERIFY(view.newMarks().empty());
        status.timeline.push_back({.seconds = 3, .kind = core::MarkKind::Stop, .cause = core::StopCause::Interrupted});
        view.observe(status);
        QCOMPARE(view.newMarks(), std::vector<std::string>{"3.0 s  stop: interrupted"});
    }

    void whatWaitsHasATrend() {
        using Word = core::BacklogTrend::Word;
        QVERIFY(core::backlogTrend(100, windowOf(5s, 105, 100)).word == Word::Steady);  // a few events are noise
        QVERIFY(core::backlogTrend(0, windowOf(5s, 400, 50'000)).word == Word::Steady); // so is 1 % of what came
        const auto growing = core::backlogTrend(100, windowOf(5s, 1'100, 5'000));
        QVERIFY(growing.word == Word::Growing);
        QCOMPARE(growing.perSecond, 200.0);
        const auto draining = core::backlogTrend(3'000, windowOf(5s, 2'000, 5'000));
        QVERIFY(draining.word == Word::Draining);
        QCOMPARE(draining.perSecond, 200.0);
        QVERIFY(draining.empty == 10s);
    }

    void cursorGoesUpOverLinesThatANarrowerTerminalBroke() {
        const std::vector<std::string> lines{"12345678", "123", ""};
        QCOMPARE(app::cursorToTop(lines, 80), std::string("\r\033[3A"));
        QCOMPARE(app::cursorToTop(lines, 4), std::string("\r\033[4A"));
        QCOMPARE(app::cursorToTop({}, 4), std::string("\r"));
    }

    void columnsAreCountedByCharacters() {
        QCOMPARE(app::columnsOf("→ µs …"), std::size_t{6});
        QCOMPARE(app::columnsOf("\033[32mgreen\033[0m"), std::size_t{5});
        QCOMPARE(app::cutToColumns("→→→→", 3), std::string("→→…"));
        QCOMPARE(app::padLeft("µ", 3), std::string("  µ"));
    }
};

TEST_CLASS(TestRunView)
#include "tst_run_view.moc"
