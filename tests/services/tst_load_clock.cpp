// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/run/load_clock.h"
#include "tests/test_class.h"

#include <QtTest>

using namespace std::chrono_literals;

namespace {

constexpr core::Instant kLoadOrigin{100s};

/// A warm-up of 2 s, then 'base' for 4 s in two stages and 'late' from its second second on for one.
core::Scenario loadScenario() {
    core::Scenario scenario;
    scenario.warmup = 2s;
    scenario.streams.resize(2);
    scenario.streams[0].name = "base";
    scenario.streams[0].stages = {core::ConstantStage{3s, {100}}, core::ConstantStage{1s, {200}}};
    scenario.streams[1].name = "late";
    scenario.streams[1].start = 1s;
    scenario.streams[1].stages = {core::ConstantStage{1s, {50}}};
    scenario.thresholds = {{"lost == 0", "", false},
                           {"throughput > 1/s", "late", false},
                           {"ack p99 < 1s", "warmup", false},
                           {"ack p50 < 1s", "late", false}};
    return scenario;
}

struct LoadBench {
    core::Scenario scenario = loadScenario();
    core::RunLanes lanes{{{"base"}, {"late"}}, 0, services::LoadClock::spansOf(scenario.thresholds)};
    services::LoadClock load{scenario, lanes};
};

qint64 nanosecondsAt(core::Instant at) {
    return (at - kLoadOrigin).count();
}

} // namespace

class TestLoadClock : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void informsTheLanesWhereThePartsLieHalfAMicrosecondEarly() {
        LoadBench bench;
        const core::RunTimes& times = bench.lanes.times();
        QCOMPARE(services::LoadClock::spansOf(bench.scenario.thresholds), (std::vector<std::string>{"late", "warmup"}));
        bench.load.begin(kLoadOrigin);
        QCOMPARE(times.origin(), kLoadOrigin);
        QCOMPARE(nanosecondsAt(times.measuredFrom()), 1'999'999'500);
        QCOMPARE(nanosecondsAt(times.measuredUntil()), 5'999'999'500);
        QCOMPARE(nanosecondsAt(times.spanFrom(0)), 2'999'999'500);
        QCOMPARE(nanosecondsAt(times.spanUntil(0)), 3'999'999'500);
        QCOMPARE(nanosecondsAt(times.spanFrom(1)), -500);
        QCOMPARE(nanosecondsAt(times.spanUntil(1)), 1'999'999'500);
    }

    void thePartsAreMovedWhenThePauseIsOver() {
        LoadBench bench;
        bench.load.begin(kLoadOrigin);
        QVERIFY(bench.load.pause(kLoadOrigin + 2'500ms));
        QVERIFY(!bench.load.pause(kLoadOrigin + 4s));
        QVERIFY(bench.load.resume(kLoadOrigin + 4'500ms));
        QVERIFY(!bench.load.resume(kLoadOrigin + 6s));
        const core::RunTimes& times = bench.lanes.times();
        QCOMPARE(nanosecondsAt(times.measuredFrom()), 1'999'999'500);
        QCOMPARE(nanosecondsAt(times.measuredUntil()), 7'999'999'500);
        QCOMPARE(nanosecondsAt(times.spanFrom(0)), 4'999'999'500);
    }

    void beforeTheBeginTheLanesKnowNoTimes() {
        LoadBench bench;
        bench.load.endLoad(kLoadOrigin);
        QCOMPARE(bench.lanes.times().measuredUntil(), core::Instant{});
    }

    void aBurstMakesTheMeasuredPartLonger() {
        LoadBench bench;
        bench.load.begin(kLoadOrigin);
        bench.load.advance(kLoadOrigin + 5s, kLoadOrigin + 9s);
        QCOMPARE(nanosecondsAt(bench.lanes.times().measuredUntil()), 8'999'999'500);
    }

    void theFiguresFollowThePlan_data() {
        QTest::addColumn<int>("at"); // milliseconds
        QTest::addColumn<QString>("stage");
        QTest::addColumn<double>("progress");
        QTest::addColumn<int>("left");
        QTest::addColumn<int>("measured");
        QTest::addColumn<int>("late");
        QTest::newRow("the warm-up has no stage") << 1'500 << QString() << 0.25 << 4'500 << 0 << 0;
        QTest::newRow("the first stream's stage") << 2'000 << QStringLiteral("base 1/2") << 2.0 / 6 << 4'000 << 0 << 0;
        QTest::newRow("one that began later is behind it")
            << 3'500 << QStringLiteral("base 1/2") << 3.5 / 6 << 2'500 << 1'500 << 500;
        QTest::newRow("the second stage") << 5'000 << QStringLiteral("base 2/2") << 5.0 / 6 << 1'000 << 3'000 << 1'000;
        QTest::newRow("behind the plan") << 6'000 << QString() << 1.0 << 0 << 4'000 << 1'000;
    }
    void theFiguresFollowThePlan() {
        QFETCH(int, at);
        LoadBench bench;
        bench.load.begin(kLoadOrigin);
        const services::RunFigures figures = bench.load.figures(kLoadOrigin + std::chrono::milliseconds(at));
        QTEST(QString::fromStdString(figures.stage), "stage");
        QTEST(figures.progress, "progress");
        QTEST(int(figures.left / 1ms), "left");
        QTEST(int(figures.measuredLength / 1ms), "measured");
        QTEST(int(figures.spanLengths.at(0) / 1ms), "late");
    }

    void aLoadThatWasEndedIsWholeAndInNoStage() {
        LoadBench bench;
        bench.load.begin(kLoadOrigin);
        bench.load.endLoad(kLoadOrigin + 3s);
        const services::RunFigures figures = bench.load.figures(kLoadOrigin + 4s);
        QCOMPARE(figures.stage, std::string());
        QCOMPARE(figures.progress, 1.0);
        QCOMPARE(figures.measuredLength, core::Nanoseconds(1s));
        QCOMPARE(nanosecondsAt(bench.lanes.times().measuredUntil()), 2'999'999'500);
    }
};

TEST_CLASS(TestLoadClock)
#include "tst_load_clock.moc"
