// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/desktop/charts/histogram_chart.h"
#include "app/desktop/charts/load_curve_chart.h"
#include "app/desktop/charts/percentile_chart.h"
#include "tests/app/window_test.h"

#include <QAbstractItemModelTester>
#include <QElapsedTimer>
#include <QTest>
#include <chrono>
#include <cmath>

using namespace std::chrono_literals;
using app::LoadCurve;

namespace {

core::LatencyHistogram values(std::initializer_list<std::pair<std::chrono::microseconds, std::uint64_t>> counts) {
    core::LatencyHistogram histogram;
    for (const auto& [value, times] : counts) {
        histogram.record(value, times);
    }
    return histogram;
}

core::Stream stream(std::string name, std::vector<core::Stage> stages, core::Nanoseconds start = {}) {
    core::Stream made;
    made.name = std::move(name);
    made.stages = std::move(stages);
    made.start = start;
    return made;
}

core::Schedule scheduleOf(const std::vector<core::Stage>& stages) {
    return {stages, core::Arrival::Even, 1};
}

} // namespace

/// The charts that are not over the time of a run: histogram, percentiles, planned load.
class TestLatencyCharts : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { QLocale::setDefault(QLocale::c()); }

    void aHistogramCountsEveryValueOnce() {
        app::HistogramChart chart(QStringLiteral("End-to-end"));
        QAbstractItemModelTester tester(chart.model(), QAbstractItemModelTester::FailureReportingMode::QtTest);
        chart.setHistograms(values({{10ms, 900}, {50ms, 100}}), values({{10ms, 950}}));
        QCOMPARE(chart.csv(),
                 QByteArray("from (s),to below (s),from the due time (events),from the actual send (events)\r\n"
                            "0.0097419846861,0.0106237096317,900,950\r\n"
                            "0.0463409500118,0.050535164327,100,0\r\n"));
        chart.showTable(true);
        QCOMPARE(chart.model()->rowCount(), 2);
        const core::Plot plot = chart.plot({0, 0, 800, 200});
        QCOMPARE(plot.lines.size(), std::size_t{2});
        QCOMPARE(plot.y.scale.until, 1'000.0);
        QCOMPARE(plot.marks.size(), std::size_t{2}); // p50 and p99; p99.9 needs 10,000 values
    }

    void theSummaryNamesThePercentilesThatAreKnown() {
        app::HistogramChart chart(QStringLiteral("End-to-end"));
        chart.setHistograms(values({{10ms, 990}, {50ms, 10}}), {});
        QCOMPARE(
            chart.textSummary(),
            QStringLiteral(
                "End-to-end: p50 10\u00a0ms, p90 10\u00a0ms, p99 10\u00a0ms, highest 50\u00a0ms, of 1000 values."));
    }

    void valuesOfNoLengthAtAllCanBeDrawn() {
        app::HistogramChart histogram(QStringLiteral("Processing"));
        histogram.setHistograms(values({{0us, 100}}), {});
        const core::Plot bars = histogram.plot({0, 0, 800, 200});
        QVERIFY(bars.x.scale.from > 0);
        app::PercentileChart percentiles(QStringLiteral("Processing"));
        percentiles.setHistograms(values({{0us, 100}}), {});
        const core::Plot curve = percentiles.plot({0, 0, 800, 200});
        for (const core::ChartPoint& point : curve.lines[1].pieces[0]) {
            QVERIFY(point.y > 0);
        }
    }

    void aPercentileCurveEndsWhereThereAreTooFewValues() {
        app::PercentileChart chart(QStringLiteral("End-to-end"));
        chart.setHistograms(values({{10ms, 1'000}}), {});
        const core::Plot plot = chart.plot({0, 0, 800, 200});
        QCOMPARE(plot.x.scale.until, 10'000.0);
        QCOMPARE(plot.lines[1].pieces[0].back().x, 100.0); // p99
        QCOMPARE(chart.table().rows(), std::size_t{12});
        QCOMPARE(chart.table().columns[1].values[7], 0.010007);  // p99
        QVERIFY(std::isnan(chart.table().columns[1].values[9])); // p99.9
    }

    void aChartWithoutValuesIsEmpty() {
        app::PercentileChart chart(QStringLiteral("End-to-end"));
        chart.setEmptyText(QStringLiteral("Nothing stored yet."));
        chart.show();
        chart.setHistograms({}, {});
        QVERIFY(!chart.canvas()->isVisible());
        QCOMPARE(chart.accessibleDescription(), QStringLiteral("Nothing stored yet."));
    }

    void aCurveHasItsSchedulesBends() {
        const LoadCurve curve = app::curveOf(
            scheduleOf({core::RampStage{2s, {1'000}}, core::ConstantStage{3s, {1'000}}, core::PauseStage{1s}}));
        QCOMPARE(curve, (LoadCurve{{0, 0}, {0, 0}, {2, 1'000}, {2, 1'000}, {5, 1'000}, {5, 0}, {6, 0}, {6, 0}}));
    }

    void aSineIsSampledUpToItsPeaks() {
        const LoadCurve curve = app::curveOf(scheduleOf({core::SineStage{60s, {1'000}, {500}, 20s}}));
        double lowest = 1e9, highest = 0;
        for (const core::ChartPoint& point : curve) {
            if (point.x > 0 && point.x < 60) {
                lowest = std::min(lowest, point.y);
                highest = std::max(highest, point.y);
            }
        }
        QVERIFY(std::abs(lowest - 500) < 1);
        QVERIFY(std::abs(highest - 1'500) < 1);
    }

    void aDayOfShortWavesIsNoStraightLine() {
        const LoadCurve curve = app::curveOf(scheduleOf({core::SineStage{24h, {1'000}, {1'000}, 1s}}));
        double lowest = 1e9, highest = 0;
        for (const core::ChartPoint& point : curve) {
            lowest = std::min(lowest, point.y);
            highest = std::max(highest, point.y);
        }
        QVERIFY(lowest < 20);
        QVERIFY(highest > 1'980);
    }

    void curvesAddUpAtEveryTime() {
        const LoadCurve base{{0, 0}, {0, 100}, {10, 100}, {10, 0}};
        const LoadCurve ramp{{5, 0}, {7, 50}, {7, 0}};
        QCOMPARE(app::sumOf({base, ramp}),
                 (LoadCurve{{0, 0}, {0, 100}, {5, 100}, {5, 100}, {7, 150}, {7, 100}, {10, 100}, {10, 0}}));
        QCOMPARE(app::sumOf({}), LoadCurve{});
    }

    void aPlanShowsItsStreamsAndTheirSum() {
        core::Scenario scenario;
        scenario.warmup = 10s;
        scenario.streams = {stream("baseline", {core::ConstantStage{60s, {1'000}}}),
                            stream("burst", {core::ConstantStage{10s, {9'000}}}, 20s)};
        app::LoadCurveChart chart;
        chart.setScenario(scenario);
        QCOMPARE(chart.axis().until(), 70.0);
        const core::Plot plot = chart.chart()->plot({0, 0, 800, 200});
        QCOMPARE(plot.lines.size(), std::size_t{3});
        QCOMPARE(plot.y.scale.until, 10'000.0);
        QCOMPARE(plot.shades.size(), std::size_t{1});
        QCOMPARE(plot.shades[0].until, 10.0);
        QVERIFY(chart.chart()->textSummary().contains(QStringLiteral("highest 10\u00a0k/s at 30\u00a0s")));
        chart.clear();
        QCOMPARE(chart.chart()->textSummary(), QString());
    }

    void twoHundredStreamsOfADayAreDrawnAtOnce() {
        core::Scenario scenario;
        for (int i = 0; i < 200; ++i) {
            scenario.streams.push_back(
                stream("stream " + std::to_string(i), {core::SineStage{24h, {100}, {50}, 1h}}, i * 1s));
        }
        app::LoadCurveChart chart;
        QElapsedTimer timer;
        timer.start();
        chart.setScenario(scenario);
        const core::Plot plot = chart.chart()->plot({0, 0, 800, 200});
        QCOMPARE(plot.lines.size(), std::size_t{6}); // four, all others, and the total
        QVERIFY2(timer.elapsed() < 3'000, qPrintable(QString::number(timer.elapsed())));
        QVERIFY(plot.marks.empty()); // a comb of 200 stages
    }

    void ofManyStreamsTheLargestAreNamed() {
        core::Scenario scenario;
        for (int i = 0; i < 30; ++i) {
            const double rate = i == 17 ? 5'000 : 10 + i;
            scenario.streams.push_back(stream("service " + std::to_string(i), {core::ConstantStage{60s, {rate}}}));
        }
        app::LoadCurveChart chart;
        chart.setScenario(scenario);
        const app::ChartTable table = chart.chart()->table();
        QStringList names;
        for (const auto& column : table.columns) {
            names += column.name.section(QStringLiteral(" ("), 0, 0); // without the unit
        }
        const QString all = names.join(QLatin1Char('|'));
        QVERIFY2(all.contains(QStringLiteral("service 17|service 29|service 28|service 27|26 others|total")),
                 qPrintable(all));
        const core::Plot plot = chart.chart()->plot({0, 0, 800, 200});
        QVERIFY2(plot.marks.size() <= 2, qPrintable(QString::number(plot.marks.size()))); // one instant, not 30
    }

    void aNarrowWarmUpHasNoCutName() {
        core::Scenario scenario;
        scenario.warmup = 2s;
        scenario.streams = {stream("baseline", {core::ConstantStage{60s, {1'000}}})};
        app::LoadCurveChart chart;
        chart.setScenario(scenario);
        const core::Plot plot = chart.chart()->plot({0, 0, 800, 200});
        QCOMPARE(plot.shades.size(), std::size_t{1});
        QCOMPARE(plot.shades[0].text, std::string());
    }
};

WINDOW_TEST(TestLatencyCharts)
#include "tst_latency_charts.moc"
