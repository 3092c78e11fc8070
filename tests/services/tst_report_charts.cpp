// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/report/compared_charts.h"
#include "core/report/run_charts.h"
#include "core/report/table_csv.h"
#include "tests/services/report_fixture.h"
#include "tests/test_class.h"

#include <QRegularExpression>
#include <QTemporaryDir>
#include <cmath>

namespace {

using core::AxisScale;
using core::AxisUnit;
using core::Theme;

QStringList labels(const AxisScale& scale, AxisUnit unit) {
    QStringList all;
    for (const core::AxisTick& tick : axisOf(scale, unit, 6).ticks) {
        if (!tick.label.empty()) {
            all += QString::fromStdString(tick.label);
        }
    }
    return all;
}

std::vector<core::ReportChart> allCharts(const core::RunResult& run, Theme theme) {
    return {drawn("rates", ratesChart(run, theme), theme), drawn("latency", latencyChart(run, theme), theme),
            drawn("heat", core::latencyHeat(run), theme), drawn("curve", percentileCurve(run, theme), theme),
            drawn("spread", latencySpread(run, theme), theme)};
}

} // namespace

class TestReportCharts : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void axesHaveRoundLabels_data() {
        QTest::addColumn<AxisScale>("scale");
        QTest::addColumn<AxisUnit>("unit");
        QTest::addColumn<QString>("expected");
        const auto row = [](const char* rule, AxisScale scale, AxisUnit unit, const char* expected) {
            QTest::newRow(rule) << scale << unit << QString::fromUtf8(expected);
        };
        row("rates have SI prefixes", core::linearScale(9'500), AxisUnit::Rate, "0|2 k|4 k|6 k|8 k|10 k");
        row("small counts are whole", core::linearScale(4), AxisUnit::Events, "0|1|2|3|4");
        row("nothing still has an axis", core::linearScale(0), AxisUnit::Events, "0|0.2|0.4|0.6|0.8|1");
        row("time has steps of clocks", core::timeScale(0, 70), AxisUnit::Seconds, "0 s|15 s|30 s|45 s|1:00");
        row("long times are clock times", core::timeScale(0, 7'200), AxisUnit::Seconds,
            "0 s|30:00|1:00:00|1:30:00|2:00:00");
        row("latencies have decades", core::logScale(0.08, 900), AxisUnit::Millis,
            "10 µs|100 µs|1 ms|10 ms|100 ms|1 s");
        row("percentiles count their nines", core::logScale(1, 1'000), AxisUnit::Nines, "p0|p90|p99|p99.9");
    }

    void axesHaveRoundLabels() {
        QFETCH(AxisScale, scale);
        QFETCH(AxisUnit, unit);
        QTEST(labels(scale, unit).join(QLatin1Char('|')), "expected");
    }

    void picturesAreSvgForOthers_data() {
        QTest::addColumn<bool>("dark");
        QTest::newRow("light") << false;
        QTest::newRow("dark") << true;
    }

    void picturesAreSvgForOthers() {
        QFETCH(bool, dark);
        core::RunResult run = reportedRun();
        for (const std::string& name : hostileNames()) {
            run.timeline.push_back({.seconds = 4, .kind = core::MarkKind::Rate, .name = name});
        }
        for (const core::ReportChart& chart : allCharts(run, dark ? Theme::Dark : Theme::Light)) {
            const QByteArray svg = QByteArray::fromStdString(chart.svg);
            judgedBy(QStringLiteral("xmllint"), {QStringLiteral("--noout"), QStringLiteral("-")}, svg);
            const QByteArray png = judgedBy(QStringLiteral("rsvg-convert"), {}, svg);
            QVERIFY(png.startsWith("\x89PNG"));
            QVERIFY(!svg.contains("<style") && !svg.contains("<script") && !svg.contains("style="));
            QVERIFY(svg.contains("<title>") && svg.contains("<desc>"));
        }
    }

    void aDayIsNoLargerThanAFewHundredKilobytes() {
        core::RunResult run = reportedRun();
        const core::Sample pattern = run.samples.front();
        run.samples.assign(1'800, pattern);
        for (std::size_t i = 0; i < run.samples.size(); ++i) {
            run.samples[i].from = static_cast<double>(i) * 48;
            run.samples[i].until = run.samples[i].from + 48;
            core::MetricHistograms latency;
            for (int k = 0; k < 400; ++k) {
                of(latency, core::Metric::EndToEnd).record(std::chrono::microseconds(100 + 977 * k * (k + 1)), 3);
            }
            run.samples[i].latency = core::PackedHistograms(latency);
        }
        for (const core::ReportChart& chart : allCharts(run, Theme::Light)) {
            QVERIFY2(chart.svg.size() < 400'000, qPrintable(QString::number(chart.svg.size())));
        }
    }

    void theDataBesideAPictureIsThatOfTheRun() {
        const core::RunResult run = reportedRun();
        const core::ReportTable rates = drawn("rates", ratesChart(run, Theme::Light), Theme::Light).data;
        QCOMPARE(rates.rows.size(), std::size_t{30});
        QCOMPARE(rates.columns[4].title, std::string("stored (events/s)"));
        QCOMPARE(rates.rows[0][0].text, std::string("0.5"));
        QCOMPARE(rates.rows[0][4].text, std::string("1000"));
        const core::HeatChart heat = core::latencyHeat(run);
        std::uint64_t events = 0;
        for (const core::HeatStretch& stretch : heat.stretches) {
            for (const std::uint64_t count : stretch.counts) {
                events += count;
            }
        }
        QCOMPARE(events, std::uint64_t{30'000});
    }

    void comparedRunsLieOverEachOther() {
        core::RunResult other = reportedRun();
        other.samples.resize(20);
        other.samples[0].consumer.stored = 500;
        of(other.latency, core::Metric::EndToEnd) = {};
        const std::vector<core::RunResult> runs{reportedRun(), other};
        const core::ReportChart rates = core::comparedRates(runs, Theme::Light);
        QCOMPARE(rates.data.rows.size(), std::size_t{50});
        QCOMPARE(rates.data.rows[0][0].text, std::string("run 1"));
        QVERIFY(core::tableCsv(rates.data).find("\r\nrun 2,0.5,500\r\n") != std::string::npos);
        QCOMPARE(rates.data.rows[30][0].text, std::string("run 2"));
        QCOMPARE(rates.data.rows[30][1].text, std::string("0.5")); // both begin with their first event
        QCOMPARE(rates.data.rows[30][2].text, std::string("500"));
        QCOMPARE(QString::fromStdString(rates.svg).count(QStringLiteral("<polyline")), 2);
        const core::ReportChart latencies = core::comparedLatencies(runs, Theme::Light);
        QCOMPARE(latencies.title, std::string("End-to-end p99 over time (embedded broker)"));
        QCOMPARE(latencies.data.rows[0][2].text, std::string("13.007"));
        QVERIFY(core::comparedRates(std::vector<core::RunResult>(2), Theme::Dark).data.rows.empty());
    }

    void aPercentileWithTooFewValuesIsNotDrawn() {
        const core::LineChart chart = latencyChart(reportedRun(), Theme::Light);
        QCOMPARE(chart.series[2].name, std::string("p99"));
        QCOMPARE(chart.series[2].points[0].y, 13.007);
        QCOMPARE(chart.series[3].name, std::string("p99.9"));
        QVERIFY(std::isnan(chart.series[3].points[0].y)); // needs 10,000 events
    }

    void latenciesHaveTheBinsOfALiveRun() {
        core::RunResult run = reportedRun();
        run.samples.erase(run.samples.begin() + 20, run.samples.end());
        for (std::size_t i = 4; i < 8; ++i) { // nothing arrives
            run.samples[i].latency = core::PackedHistograms(core::MetricHistograms());
        }
        for (std::size_t i = 10; i < 20; ++i) { // a tenth of it
            core::MetricHistograms latency;
            of(latency, core::Metric::EndToEnd).record(std::chrono::milliseconds(20), 100);
            run.samples[i].latency = core::PackedHistograms(latency);
        }
        QStringList points; // of the p99
        const core::LineChart chart = latencyChart(run, Theme::Light);
        for (const core::ChartPoint& point : chart.series[2].points) {
            points += QStringLiteral("%1 %2").arg(point.x).arg(point.y, 0, 'f', 0);
        }
        QCOMPARE(points.join(QLatin1Char('|')),
                 QStringLiteral("0.5 13|1.5 13|2.5 13|3.5 13|6 nan|8.5 13|9.5 13|15 20"));
    }

    void percentilesOfSeveralIntervalsAreExact() {
        core::RunResult run = reportedRun();
        run.samples.erase(run.samples.begin() + 5, run.samples.end());
        for (std::size_t i = 0; i < run.samples.size(); ++i) {
            core::MetricHistograms latency;
            of(latency, core::Metric::EndToEnd).record(std::chrono::milliseconds(10 + i), 500);
            run.samples[i].latency = core::PackedHistograms(latency);
        }
        const core::LineChart chart = latencyChart(run, Theme::Light);
        QStringList medians;
        for (const core::ChartPoint& point : chart.series.front().points) {
            medians += QStringLiteral("%1 %2").arg(point.x).arg(point.y);
        }
        // Of two intervals each; the last reaches back into the fourth.
        QCOMPARE(medians.join(QLatin1Char('|')), QStringLiteral("1 10.007|3 12.007|4.5 13.007"));
    }

    void instantsLineUpInChartsAboveEachOther_data() {
        QTest::addColumn<double>("lastMark");
        QTest::newRow("of a run whose samples end last") << 29.0;
        QTest::newRow("of a run whose last mark comes after its samples") << 31.5;
    }

    void instantsLineUpInChartsAboveEachOther() {
        QFETCH(double, lastMark);
        core::RunResult run = reportedRun();
        run.samples.front().from = -0.2; // clocks of two threads
        run.timeline.back().seconds = lastMark;
        const core::Plot rates = plotOf(ratesChart(run, Theme::Light));
        QVERIFY(rates.right); // and still
        QCOMPARE(rates.x.scale.from, -0.2);
        QCOMPARE(rates.x.scale.until, std::max(30.0, lastMark));
        QStringList feet;
        static const QRegularExpression foot(
            QStringLiteral("<line x1=\"([0-9.]+)\" y1=\"270\" x2=\"([0-9.]+)\" y2=\"270\""));
        for (const core::Plot& plot : {rates, plotOf(latencyChart(run, Theme::Light)), plotOf(latencyHeat(run))}) {
            QCOMPARE(plot.x.scale.from, rates.x.scale.from);
            QCOMPARE(plot.x.scale.until, rates.x.scale.until);
        }
        for (const core::ReportChart& chart : allCharts(run, Theme::Light)) {
            auto matches = foot.globalMatch(QString::fromStdString(chart.svg));
            QString last;
            while (matches.hasNext()) {
                last = matches.next().captured(0);
            }
            feet += last;
        }
        feet.removeDuplicates();
        QCOMPARE(feet.size(), 1); // of the five
        QVERIFY(!feet.front().isEmpty());
    }

    void theLimitOfARuleIsALine() {
        const core::LineChart chart = latencyChart(reportedRun(), Theme::Light);
        QCOMPARE(chart.levels.size(), std::size_t{1});
        QCOMPARE(chart.levels[0].y, 45.0);
        QVERIFY(chart.frame.y.scale.until >= 45);
    }

    void aMissedRuleIsAMark_data() {
        QTest::addColumn<bool>("told"); // by the run itself
        QTest::newRow("where the whole run shows that it was missed") << false;
        QTest::newRow("once, where it was seen while the run was on") << true;
    }

    void aMissedRuleIsAMark() {
        QFETCH(bool, told);
        core::RunResult run = reportedRun();
        run.verdict.rules[1].status = core::RuleStatus::Failed;
        run.verdict.rules[1].brokeAtSeconds = 12;
        if (told) {
            run.timeline.insert(run.timeline.end() - 1,
                                {.seconds = 12, .kind = core::MarkKind::Rule, .name = "lost == 0", .rule = 1});
        }
        for (const core::ChartFrame& frame : {ratesChart(run, Theme::Light).frame,
                                              latencyChart(run, Theme::Light).frame, core::latencyHeat(run).frame}) {
            QCOMPARE(frame.marks.size(), std::size_t{4});
            QCOMPARE(frame.marks[2].x, 12.0);
            QCOMPARE(frame.marks[2].text, std::string("rule broken: lost == 0"));
            QCOMPARE(frame.marks[2].role, core::SeriesRole::Fault);
        }
    }

    void aMarksLabelIsReadOverData() {
        for (const core::ReportChart& chart : allCharts(reportedRun(), Theme::Light)) {
            const QString svg = QString::fromStdString(chart.svg);
            static const QRegularExpression ground(
                QStringLiteral("fill=\"#ffffff\" fill-opacity=\"0.8\"/>\n<text [^>]*>(warm-up|stages|drain)<"));
            QCOMPARE(svg.count(ground), chart.times ? 3 : 0);
        }
    }

    void anEmptyRunHasPicturesToo() {
        for (const core::ReportChart& chart : allCharts(core::RunResult(), Theme::Light)) {
            judgedBy(QStringLiteral("xmllint"), {QStringLiteral("--noout"), QStringLiteral("-")},
                     QByteArray::fromStdString(chart.svg));
        }
    }
};

TEST_CLASS(TestReportCharts)
#include "tst_report_charts.moc"
