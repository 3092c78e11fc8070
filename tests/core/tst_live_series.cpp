// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/measure/latency_bins.h"
#include "core/measure/live_series.h"
#include "core/results/sample_points.h"
#include "tests/test_class.h"

#include <QTest>
#include <chrono>
#include <cmath>

using namespace std::chrono_literals;
using core::CoarseHistogram;
using core::LatencyHistogram;
using core::LivePoint;
using core::LiveSeries;

namespace {

LatencyHistogram values(std::initializer_list<std::pair<std::chrono::microseconds, std::uint64_t>> counts) {
    LatencyHistogram histogram;
    for (const auto& [value, times] : counts) {
        histogram.record(value, times);
    }
    return histogram;
}

/// A run at so many events per second, all of which take 10 ms, `at` seconds after its origin.
core::Snapshot steady(double at, std::uint64_t perSecond = 1'000) {
    const auto events = static_cast<std::uint64_t>(std::llround(std::max(at, 0.0) * static_cast<double>(perSecond)));
    core::StreamSnapshot stream;
    stream.producer.planned = stream.producer.sent = stream.producer.acked = events;
    core::of(stream.latency, core::Metric::EndToEnd).record(10ms, events);
    core::Snapshot snapshot;
    snapshot.sinceStart = std::chrono::duration_cast<core::Nanoseconds>(std::chrono::duration<double>(at));
    snapshot.at = core::Instant(100s) + snapshot.sinceStart;
    snapshot.consumer.stored = events;
    snapshot.streams.push_back(stream);
    return snapshot;
}

LivePoint second(double from, const LatencyHistogram& latency, double stored = 1'000) {
    core::Window window;
    window.length = 1s;
    window.consumer.stored = static_cast<std::uint64_t>(stored);
    core::of(window.latency, core::Metric::EndToEnd) = latency;
    core::Snapshot end;
    end.sinceStart = std::chrono::duration_cast<core::Nanoseconds>(std::chrono::duration<double>(from + 1));
    return core::livePointOf(window, from, end);
}

std::vector<LivePoint> pointsOf(const LiveSeries& series) {
    std::vector<LivePoint> points;
    series.forEach([&points](const LivePoint& point) { points.push_back(point); });
    return points;
}

} // namespace

class TestLiveSeries : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void latenciesFallIntoHalfOctaves_data() {
        QTest::addColumn<quint64>("micros");
        QTest::addColumn<quint64>("bin");
        const auto row = [](const char* name, quint64 micros, quint64 bin) { QTest::newRow(name) << micros << bin; };
        row("nothing is in the first", 0, 0);
        row("a microsecond is in the first", 1, 0);
        row("two are an octave up", 2, 2);
        row("three are above the root of eight", 3, 3);
        row("a millisecond is just below 2^10", 1'000, 19);
        row("2^10 begins a bin", 1'024, 20);
        row("an hour is in the last", 3'600'000'000, 63);
        row("what is longer too", 99'000'000'000, 63);
    }

    void latenciesFallIntoHalfOctaves() {
        QFETCH(quint64, micros);
        QTEST(quint64{core::heatBinOf(micros)}, "bin");
    }

    void aCoarsePercentileIsWithinTwoPercent() {
        double worst = 0;
        for (std::int64_t value = 1; value < 3'000'000'000; value += value / 97 + 1) {
            // The largest is kept exactly, so a larger one shows how far off the others are.
            const CoarseHistogram coarse(values({{std::chrono::microseconds(value), 3}, {3'500s, 1}}));
            const double found = static_cast<double>(*coarse.percentile(50));
            worst = std::max(worst, std::abs(found - static_cast<double>(value)) / static_cast<double>(value));
        }
        QVERIFY2(worst <= 0.017, qPrintable(QString::number(worst)));
    }

    void aCoarseHistogramKeepsTheLargestAsItWas() {
        CoarseHistogram coarse(values({{10ms, 5}}));
        coarse.add(CoarseHistogram(values({{100ms, 1}})));
        QCOMPARE(coarse.max(), std::optional<std::uint64_t>(100'031)); // as LatencyHistogram has it
        QCOMPARE(coarse.count(), std::uint64_t{6});
        QCOMPARE(coarse.percentile(50), std::optional<std::uint64_t>(10'112)); // 9,984 to 10,239
        QCOMPARE(CoarseHistogram().percentile(50), std::optional<std::uint64_t>());
        QCOMPARE(CoarseHistogram().max(), std::optional<std::uint64_t>());
    }

    void aHeatColumnHoldsEveryValue() {
        const core::HeatColumn heat = CoarseHistogram(values({{0us, 2}, {10ms, 700}, {1s, 3}})).heat();
        QCOMPARE(heat[0], std::uint64_t{2});
        QCOMPARE(heat[26], std::uint64_t{700}); // 8.2 to 11.6 ms
        QCOMPARE(heat[39], std::uint64_t{3});   // 0.74 to 1.05 s
    }

    void aPointIsMadeEachSecond() {
        LiveSeries series;
        for (const double at : {0.0, 0.25, 0.5, 0.75, 1.0, 1.25}) {
            series.append(steady(at));
        }
        const auto points = pointsOf(series);
        QCOMPARE(points.size(), std::size_t{1});
        QCOMPARE(points[0].from, 0.0);
        QCOMPARE(points[0].until, 1.0);
        for (const auto rate : {&LivePoint::target, &LivePoint::sent, &LivePoint::acked, &LivePoint::stored}) {
            QCOMPARE(points[0].*rate, (core::Band{1'000, 1'000, 1'000}));
        }
        QCOMPARE(points[0].endToEnd.p50, std::optional<std::uint64_t>(10'007)); // exact: 0.1 %
        QCOMPARE(points[0].endToEnd.p99, std::optional<std::uint64_t>(10'007));
        QCOMPARE(points[0].endToEnd.p999, std::optional<std::uint64_t>()); // 1,000 of the 10,000 values needed
    }

    void snapshotsBeforeTheOriginMakeNoPoint() {
        LiveSeries series;
        for (const double at : {-3.0, -1.5, -0.1, 0.1, 1.1}) {
            series.append(steady(at));
        }
        const auto points = pointsOf(series);
        QCOMPARE(points.size(), std::size_t{1});
        QCOMPARE(points[0].from, 0.1);
    }

    void aSnapshotThatIsNotLaterIsLeftOut() {
        LiveSeries series;
        core::Snapshot back = steady(2);
        back.at = core::Instant(50s); // the host's clock went back
        core::Snapshot early = steady(1);
        early.sinceStart = -5s; // the run's clock went back
        for (const core::Snapshot& snapshot : {steady(0), steady(1), back, early, steady(1), steady(3)}) {
            series.append(snapshot);
        }
        const auto points = pointsOf(series);
        QCOMPARE(points.size(), std::size_t{2});
        QCOMPARE(points[1].from, 1.0);
        QCOMPARE(points[1].until, 3.0);
        QCOMPARE(points[1].stored.value, 1'000.0); // nothing of the two seconds is lost
    }

    void aClockThatJumpsAheadMakesOneLongPoint() {
        LiveSeries series;
        for (const double at : {0.0, 1.0, 3'601.0, 3'602.0}) {
            series.append(steady(at));
        }
        const auto points = pointsOf(series);
        QCOMPARE(points.size(), std::size_t{3});
        QCOMPARE(points[1].until - points[1].from, 3'600.0);
        QCOMPARE(points[2].stored.value, 1'000.0);
    }

    void secondsInWhichNothingHappenedArePointsWithoutLatencies() {
        LiveSeries series;
        core::Snapshot paused = steady(1);
        paused.sinceStart = 2s;
        paused.at = core::Instant(102s);
        for (const core::Snapshot& snapshot : {steady(0), steady(1), paused}) {
            series.append(snapshot);
        }
        const auto points = pointsOf(series);
        QCOMPARE(points.size(), std::size_t{2});
        QCOMPARE(points[1].stored, (core::Band{0, 0, 0}));
        QCOMPARE(points[1].endToEnd, core::LatencyFigures());
        QCOMPARE(points[1].latency.count(), std::uint64_t{0});
    }

    void mergedPercentilesComeFromMergedValuesAndNotFromPercentiles() {
        LiveSeries series({{1, 2}, {10, 4}});
        series.append(second(0, values({{10ms, 1'000}})));
        series.append(second(1, values({{10ms, 980}, {100ms, 20}}), 3'000));
        QCOMPARE(pointsOf(series)[1].endToEnd.p99, std::optional<std::uint64_t>(100'031));
        series.append(second(2, values({{10ms, 1'000}})));
        series.append(second(3, values({{10ms, 1'000}})));
        const auto points = pointsOf(series);
        QCOMPARE(points.size(), std::size_t{3});
        QCOMPARE(points[0].from, 0.0);
        QCOMPARE(points[0].until, 2.0);
        // 1,980 of 2,000 took 10 ms; the average of both percentiles would be 55 ms.
        QCOMPARE(points[0].endToEnd.p99, std::optional<std::uint64_t>(10'112));
        QCOMPARE(points[0].endToEnd.max, std::optional<std::uint64_t>(100'031));
        QCOMPARE(points[0].endToEnd.p999, std::optional<std::uint64_t>());
        QCOMPARE(points[0].stored, (core::Band{2'000, 1'000, 3'000}));
    }

    void enoughValuesTogetherShowWhatTheirPartsCannot() {
        LiveSeries series({{1, 2}, {10, 4}});
        for (int i = 0; i < 12; ++i) {
            series.append(second(i, values({{10ms, 999}, {50ms, 1}})));
        }
        const auto points = pointsOf(series);
        QCOMPARE(points.size(), std::size_t{3});
        QCOMPARE(points[0].until, 10.0);
        QCOMPARE(points[0].endToEnd.p999, std::optional<std::uint64_t>(10'112)); // of 10,000, 10 are beyond
        QCOMPARE(points[1].endToEnd.p999, std::optional<std::uint64_t>());
    }

    void aLevelThatIsTheLastIsHalvedWhenFull() {
        LiveSeries series({{1, 4}});
        for (int i = 0; i < 5; ++i) {
            series.append(second(i, values({{10ms, 1}})));
        }
        const auto points = pointsOf(series);
        QCOMPARE(points.size(), std::size_t{3});
        QCOMPARE(points[0].until, 2.0);
        QCOMPARE(points[1].until, 4.0);
        QCOMPARE(points[2].until, 5.0);
    }

    void aDayCostsWhatAnHourCosts() {
        LiveSeries series;
        for (int i = 0; i < 86'400; ++i) {
            series.append(second(i, values({{10ms, 10}})));
        }
        QCOMPARE(series.from(), 0.0);
        QCOMPARE(series.until(), 86'400.0);
        QVERIFY2(series.size() <= 1'525, qPrintable(QString::number(series.size())));
        double at = 0, stored = 0;
        std::uint64_t counted = 0;
        series.forEach([&](const LivePoint& point) {
            QCOMPARE(point.from, at);
            at = point.until;
            stored += point.stored.value * (point.until - point.from);
            counted += point.latency.count();
        });
        QCOMPARE(counted, std::uint64_t{864'000});
        QVERIFY(std::abs(stored - 86'400'000) < 1);
    }

    void clearingMakesRoomForAnotherRun() {
        LiveSeries series;
        for (const double at : {0.0, 1.0, 2.0}) {
            series.append(steady(at, 5'000));
        }
        series.clear();
        QVERIFY(series.empty());
        for (const double at : {0.0, 1.0}) { // its counts are lower than those before
            series.append(steady(at, 10));
        }
        QCOMPARE(pointsOf(series).size(), std::size_t{1});
    }

    void aFinishedRunShowsItsSamplesExactly() {
        core::Sample sample;
        sample.from = 3;
        sample.until = 4;
        sample.producer.sent = 500;
        sample.consumer.stored = 400;
        sample.target = 600;
        sample.backlog = 100;
        sample.processCpu = 0.5;
        sample.residentSet = {1'000'000};
        core::MetricHistograms latency;
        core::of(latency, core::Metric::EndToEnd) = values({{10ms, 1'000}});
        sample.latency = core::PackedHistograms(latency);
        core::Sample empty; // no time passed in it
        const auto points = pointsOf(core::liveSeriesOf({sample, empty}));
        QCOMPARE(points.size(), std::size_t{1});
        QCOMPARE(points[0].from, 3.0);
        QCOMPARE(points[0].until, 4.0);
        QCOMPARE(points[0].target.value, 600.0);
        QCOMPARE(points[0].sent.value, 500.0);
        QCOMPARE(points[0].stored.value, 400.0);
        QCOMPARE(points[0].backlog.value, 100.0);
        QCOMPARE(points[0].processCpu, 0.5);
        QCOMPARE(points[0].residentSet.count, std::uint64_t{1'000'000});
        QCOMPARE(points[0].endToEnd.p99, std::optional<std::uint64_t>(10'007));
    }

    void binsAreAsShortAsAP99Allows_data() {
        QTest::addColumn<int>("perSecond");
        QTest::addColumn<int>("seconds");
        QTest::newRow("1,000/s") << 1'000 << 1;
        QTest::newRow("500/s") << 500 << 2;
        QTest::newRow("50/s") << 50 << 20;
    }
    void binsAreAsShortAsAP99Allows() {
        QFETCH(const int, perSecond);
        QFETCH(const int, seconds);
        LiveSeries series;
        for (int at = 0; at < 60; ++at) {
            series.append(second(at, values({{10ms, static_cast<std::uint64_t>(perSecond)}})));
        }
        const auto bins = core::latencyBins(series);
        QCOMPARE(bins.size(), static_cast<std::size_t>(60 / seconds));
        for (const core::LatencyBin& bin : bins) {
            QCOMPARE(bin.until - bin.from, static_cast<double>(seconds));
            QVERIFY(bin.figures.p99.has_value());
        }
    }

    void theLastBinReachesBack() {
        LiveSeries series;
        for (int at = 0; at < 30; ++at) {
            series.append(second(at, values({{at < 25 ? 10ms : 20ms, 50}})));
        }
        const auto bins = core::latencyBins(series);
        QCOMPARE(bins.size(), std::size_t{2});
        QCOMPARE(bins[1].from, 20.0);
        QCOMPARE(bins[1].until, 30.0);
        QVERIFY(bins[1].figures.p99.has_value()); // of the last twenty seconds
        QVERIFY(*bins[1].figures.p50 < 11'000);
        QVERIFY(*bins[1].figures.p99 > 19'000);
    }

    void whereNothingIsStoredThereIsNoBin() {
        LiveSeries series;
        for (int at = 0; at < 30; ++at) {
            series.append(second(at, values({{10ms, at >= 10 && at < 17 ? 0U : 500U}})));
        }
        const auto bins = core::latencyBins(series);
        QCOMPARE(bins.size(), std::size_t{12}); // five of 2 s, and six and a half
        QCOMPARE(bins[4].until, 10.0);
        QCOMPARE(bins[5].from, 17.0);
    }
};

TEST_CLASS(TestLiveSeries)
#include "tst_live_series.moc"
