// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/desktop/charts/heat_map.h"
#include "app/desktop/charts/live_points.h"
#include "app/desktop/charts/time_chart.h"
#include "core/report/run_charts.h"
#include "tests/app/window_test.h"
#include "tests/services/report_fixture.h"

#include <QTest>

using app::TimeChart;
using core::Plot;

namespace {

constexpr QRectF kWhole(0, 0, 900, 320); // a report's chart

/// The time line of a run as the window has it while it is on.
core::LiveSeries seriesOf(const core::RunResult& run) {
    core::LiveSeries series;
    for (const core::Sample& sample : run.samples) {
        core::LivePoint point;
        const auto rate = [&](std::uint64_t events) {
            const double value = static_cast<double>(events) / (sample.until - sample.from);
            return core::Band{value, value, value};
        };
        point.from = sample.from;
        point.until = sample.until;
        point.sent = rate(sample.producer.sent);
        point.latency = core::CoarseHistogram(of(sample.latency.unpack(), core::Metric::EndToEnd));
        series.append(point);
    }
    return series;
}

/// A run with marks of all sorts.
core::RunResult markedRun() {
    using core::MarkKind;
    core::RunResult run = reportedRun();
    run.timeline.push_back({.seconds = 8, .kind = MarkKind::Rate, .rate = {500}});
    run.timeline.push_back({.seconds = 12, .kind = MarkKind::Fault, .detail = "the store refused a connection"});
    run.timeline.push_back({.seconds = 20, .kind = MarkKind::Rebalance, .partitions = 2});
    return run;
}

QString ticks(const core::PlotAxis& axis) {
    QStringList all;
    for (const core::AxisTick& tick : axis.ticks) {
        all += QString::fromStdString(tick.label);
    }
    return all.join(QLatin1Char('|'));
}

QString marks(const Plot& plot) {
    QStringList all;
    for (const core::ChartMark& mark : plot.marks) {
        const QString bad = mark.role == core::SeriesRole::Fault ? QStringLiteral("!") : QString();
        all += QStringLiteral("%1 %2%3").arg(mark.x).arg(QString::fromStdString(mark.text), bad);
    }
    return all.join(QLatin1Char('|'));
}

} // namespace

/// One run in the window and in its report: the same axes, marks and colours.
class TestChartLook : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { QLocale::setDefault(QLocale::c()); }

    void theHeatMapIsTheSameInTheWindowAndInTheReport() {
        const core::RunResult run = markedRun();
        app::TimeAxis time;
        time.setExtent(0, 30);
        app::HeatMap map(time, QStringLiteral("Latency by time"));
        map.setColumns(app::HeatMap::columnsOf(seriesOf(run)));
        map.setMarks(core::chartMarks(run.timeline));
        const Plot window = map.plot(kWhole), report = plotOf(core::latencyHeat(run));
        for (const Plot* const plot : {&window, &report}) {
            QCOMPARE(plot->heat.size(), std::size_t{30});
            QCOMPARE(plot->heat[7].from, 7.0);
            QCOMPARE(plot->heat[7].until, 8.0);
            // 985 events/s of 5.79 to 8.19 ms; 15 events/s of 11.6 to 16.4 ms
            QCOMPARE(plot->heat[7].shares, (std::vector<double>{0, 1, 0, 0.5, 0, 0, 0, 0, 0, 0, 0, 0}));
            QCOMPARE(ticks(plot->x), QStringLiteral("0 s|5 s|10 s|15 s|20 s|25 s|30 s"));
            QCOMPARE(ticks(plot->y), QStringLiteral("5 ms|10 ms|20 ms|50 ms|100 ms|200 ms"));
            QCOMPARE(marks(*plot), QString::fromUtf8("0 warm-up|2 stages|8 rate: total rate set to 500/s|12 fault!|"
                                                     "20 1 consumer took over 2 partitions|30 drain"));
        }
        QCOMPARE(window.heat, report.heat);
        QCOMPARE(window.y.scale.from, report.y.scale.from);
        QCOMPARE(window.y.scale.until, report.y.scale.until);
    }

    void ratesAreTheSameInTheWindowAndInTheReport() {
        const core::RunResult run = markedRun();
        app::TimeAxis time;
        time.setExtent(0, 30);
        TimeChart chart(time, {QStringLiteral("Rates"), QStringLiteral("/s"), false, QStringLiteral("events")});
        chart.setSeries({{core::SeriesRole::Sent, QStringLiteral("sent")}});
        chart.setPoints(0, app::linePoints(seriesOf(run), &core::LivePoint::sent));
        const Plot window = chart.plot(kWhole), report = plotOf(ratesChart(run, core::Theme::Light));
        QCOMPARE(window.lines[0].style.colour, std::string_view("#0072b2"));
        QCOMPARE(report.lines[1].style.colour, std::string_view("#0072b2"));
        QCOMPARE(window.lines[0].pieces, report.lines[1].pieces);
        QCOMPARE(window.lines[0].pieces[0].size(), std::size_t{30});
        for (const Plot* const plot : {&window, &report}) {
            QCOMPARE(plot->y.scale.until, 1'000.0);
            QCOMPARE(ticks(plot->y), QStringLiteral("0|200|400|600|800|1 k"));
        }
    }
};

WINDOW_TEST(TestChartLook)
#include "tst_chart_look.moc"
