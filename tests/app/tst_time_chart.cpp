// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/desktop/charts/heat_image.h"
#include "app/desktop/charts/heat_map.h"
#include "app/desktop/charts/live_points.h"
#include "app/desktop/charts/series_figures.h"
#include "app/desktop/charts/time_chart.h"
#include "tests/app/window_test.h"

#include <QAbstractItemModelTester>
#include <QFile>
#include <QLabel>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>
#include <QXmlStreamReader>
#include <cmath>
#include <random>

using app::HeatMap;
using app::TimeAxis;
using app::TimeChart;
using core::SeriesRole;
using Points = std::vector<core::ChartPoint>;

namespace {

const double kNone = std::nan("");

/// Two series on the axis of the first 4 s: sent, and a backlog at the right.
void fill(TimeChart& chart) {
    chart.setSeries(
        {{SeriesRole::Sent, QStringLiteral("sent")}, {SeriesRole::Backlog, QStringLiteral("backlog"), true}});
    chart.setPoints(0, Points{{0.5, 1'000}, {1.5, 9'000}, {2.5, kNone}, {3.5, 2'000}});
    chart.setPoints(1, Points{{0.5, 10}, {1.5, 20}, {3.5, 30}});
}

const TimeChart::Spec kRates{QStringLiteral("Rates"), QStringLiteral("/s"), false, QStringLiteral("events")};

/// Elements of a well-formed document whose root is svg; −1: it is not.
int svgElements(const QByteArray& text) {
    QXmlStreamReader reader(text);
    int elements = 0;
    bool root = false;
    while (!reader.atEnd()) {
        if (reader.readNext() == QXmlStreamReader::StartElement) {
            root = elements == 0 ? reader.name() == QStringLiteral("svg") : root;
            ++elements;
        }
    }
    return reader.hasError() || !root ? -1 : elements;
}

/// Every coordinate of the polylines.
Points drawnPoints(const core::Plot& plot, std::size_t line) {
    Points points;
    for (const auto& piece : plot.lines[line].pieces) {
        points.insert(points.end(), piece.begin(), piece.end());
    }
    return points;
}

} // namespace

class TestTimeChart : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { QLocale::setDefault(QLocale::c()); }

    void itSaysInWordsWhatItShows() {
        TimeAxis axis;
        TimeChart chart(axis, {QStringLiteral("End-to-end"), QStringLiteral("s"), true, {}});
        chart.setSeries({{SeriesRole::P99, QStringLiteral("p99")}});
        QCOMPARE(chart.textSummary(), QString());
        chart.setPoints(0, Points{{40, 0.0098}, {41, 0.0098}, {42, 0.031}});
        QCOMPARE(chart.textSummary(),
                 QStringLiteral("End-to-end p99: 9.8\u00a0ms at the median second, highest 31\u00a0ms at 42\u00a0s."));
        chart.show();
        QCOMPARE(chart.accessibleDescription(), chart.textSummary());
        QCOMPARE(chart.accessibleName(), QStringLiteral("End-to-end"));
        QVERIFY(!chart.canvas()->accessibleName().isEmpty());
    }

    void itsLegendTellsOneInstant() {
        TimeAxis axis;
        TimeChart chart(axis, {QStringLiteral("End-to-end"), QStringLiteral("s"), true, {}});
        chart.setSeries({{SeriesRole::P99, QStringLiteral("p99")}, {SeriesRole::Max, QStringLiteral("max")}});
        const auto* const legend = chart.findChild<app::ChartLegend*>();
        chart.setPoints(0, Points{{1, 0.02}, {2, 0.03}});
        chart.setPoints(1, Points{{1, 0.02}, {2, 0.04}});
        QCOMPARE(legend->figures(), QStringList({QStringLiteral("30\u00a0ms"), QStringLiteral("40\u00a0ms")}));
        // Too few events for a p99 in the last second: that of the second before is none of this one.
        chart.setPoints(0, Points{{1, 0.02}, {2, 0.03}, {3, std::nan("")}});
        chart.setPoints(1, Points{{1, 0.02}, {2, 0.04}, {3, 0.01}});
        QCOMPARE(legend->figures(), QStringList({QStringLiteral("–"), QStringLiteral("10\u00a0ms")}));
    }

    void itsTableHasARowATime() {
        TimeAxis axis;
        TimeChart chart(axis, kRates);
        QAbstractItemModelTester tester(chart.model(), QAbstractItemModelTester::FailureReportingMode::QtTest);
        fill(chart);
        QCOMPARE(chart.csv(),
                 QByteArray("time (s),sent (/s),backlog (events)\r\n0.5,1000,10\r\n1.5,9000,20\r\n2.5,,\r\n"
                            "3.5,2000,30\r\n"));
        QCOMPARE(chart.model()->rowCount(), 0); // nobody looks at it
        chart.showTable(true);
        QCOMPARE(chart.model()->rowCount(), 4);
        chart.show();
        chart.setPoints(0, Points{{0.5, 1}, {1.5, 2}, {2.5, 3}, {3.5, 4}, {4.5, 5}});
        QTRY_COMPARE(chart.model()->rowCount(), 5); // once a second
    }

    void aGapIsNotDrawnOver() {
        TimeAxis axis;
        axis.setExtent(0, 10);
        TimeChart chart(axis, kRates);
        fill(chart);
        const core::Plot plot = chart.plot({0, 0, 800, 200});
        QCOMPARE(plot.lines[0].pieces.size(), std::size_t{2});
        QCOMPARE(plot.lines[1].pieces.size(), std::size_t{1});
        QCOMPARE(plot.y.scale.until, 10'000.0);
        QVERIFY(plot.right.has_value());
        QCOMPARE(plot.right->scale.until, 30.0);
    }

    void onALogAxisOnlyValuesAboveZeroAreDrawn() {
        TimeAxis axis;
        axis.setExtent(0, 10);
        TimeChart chart(axis, {QStringLiteral("End-to-end"), QStringLiteral("s"), true, {}});
        chart.setSeries({{SeriesRole::P50, QStringLiteral("p50")}});
        chart.setPoints(0, Points{{1, 0.02}, {2, 0}, {3, kNone}, {4, -1}, {5, 0.3}});
        const core::Plot plot = chart.plot({0, 0, 800, 200});
        QCOMPARE(drawnPoints(plot, 0), (Points{{1, 0.02}, {5, 0.3}}));
        QCOMPARE(plot.y.scale.from, 0.01);
        QCOMPARE(plot.y.scale.until, 1.0);
    }

    void theLimitOfARuleIsInView() {
        TimeAxis axis;
        TimeChart chart(axis, {QStringLiteral("End-to-end"), QStringLiteral("s"), true, {}});
        chart.setSeries({{SeriesRole::P99, QStringLiteral("p99")}});
        chart.setPoints(0, Points{{1, 0.02}, {2, 0.03}});
        chart.setLevels({{4.5, "p99 < 4.5 s"}});
        QCOMPARE(chart.plot({0, 0, 800, 200}).y.scale.until, 10.0);
    }

    void chartsUnderEachOtherLineUp() {
        TimeAxis axis;
        TimeChart rates(axis, kRates);
        TimeChart latency(axis, {QStringLiteral("End-to-end"), QStringLiteral("s"), true, {}});
        HeatMap heat(axis, QStringLiteral("Heat map"));
        rates.resize(800, 300);
        latency.resize(800, 300);
        heat.resize(800, 300);
        fill(rates);
        rates.canvas()->resize(800, 200);
        latency.canvas()->resize(800, 200);
        heat.canvas()->resize(800, 200);
        QCOMPARE(rates.canvas()->area(), latency.canvas()->area());
        QCOMPARE(rates.canvas()->area(), heat.canvas()->area());
    }

    void itIsEmptyUntilThereIsAValue() {
        TimeAxis axis;
        TimeChart chart(axis, kRates);
        chart.setEmptyText(QStringLiteral("Rates will be here as soon as a run is on."));
        chart.show();
        chart.setSeries({{SeriesRole::Sent, QStringLiteral("sent")}});
        QCOMPARE(chart.accessibleDescription(), QStringLiteral("Rates will be here as soon as a run is on."));
        chart.setPoints(0, Points{{1, kNone}});
        QVERIFY(!chart.canvas()->isVisible());
        chart.setPoints(0, Points{{1, 5}});
        QVERIFY(chart.canvas()->isVisible());
    }

    void itIsSavedAsAPictureThatOthersRead() {
        TimeAxis axis;
        axis.setExtent(0, 10);
        TimeChart chart(axis, kRates);
        fill(chart);
        const QImage image = QImage::fromData(chart.png({640, 240}, 2), "PNG");
        QCOMPARE(image.size(), QSize(1'280, 480));
        QCOMPARE(image.pixelColor(3, 470), QColor(Qt::white));
        const QByteArray svg = chart.svg({640, 240});
        QVERIFY2(svgElements(svg) > 10, svg.left(300).constData());
        QVERIFY(svg.contains("Rates (/s)"));
    }

    void savingWritesTheFileAndSaysSo() {
        QTemporaryDir folder;
        TimeAxis axis;
        TimeChart chart(axis, kRates);
        fill(chart);
        QSignalSpy saved(&chart, &TimeChart::saved);
        for (const char* name : {"a.csv", "a.svg", "a.png"}) {
            chart.save(folder.filePath(QString::fromLatin1(name)));
        }
        QTRY_COMPARE(saved.size(), 3);
        QFile csv(folder.filePath(QStringLiteral("a.csv")));
        QVERIFY(csv.open(QIODevice::ReadOnly));
        QCOMPARE(csv.readAll(), chart.csv());
        QVERIFY(!QImage(folder.filePath(QStringLiteral("a.png"))).isNull());
    }

    void whatCannotBeSavedStandsInThePanel() {
        QTemporaryDir folder;
        TimeAxis axis;
        TimeChart chart(axis, kRates);
        fill(chart);
        chart.show();
        chart.save(folder.filePath(QStringLiteral("absent/a.csv")));
        const auto messages = [&chart] {
            QStringList texts;
            for (const QLabel* label : chart.findChildren<QLabel*>()) {
                texts += label->isVisible() ? label->text() : QString();
            }
            return texts.join(QLatin1Char('\n'));
        };
        QTRY_VERIFY2(messages().contains(QStringLiteral("absent/a.csv could not be written")), qPrintable(messages()));
    }

    void aHiddenChartPaintsNothing() {
        TimeAxis axis;
        int painted = 0;
        app::PlotCanvas canvas([&painted](QPainter&, const QRectF&) { ++painted; });
        canvas.resize(400, 200);
        canvas.repaintPlot();
        QCoreApplication::processEvents();
        QCOMPARE(painted, 0);
        canvas.show();
        QVERIFY(QTest::qWaitForWindowExposed(&canvas));
        QTRY_COMPARE(painted, 1);
        canvas.setCrossHair(100); // lies over the picture
        canvas.grab();
        QCOMPARE(painted, 1);
    }

    void linesOfMergedPointsKeepTheirExtremes() {
        core::LiveSeries series;
        core::LivePoint point;
        point.until = 10;
        point.stored = {500, 100, 900};
        series.append(point);
        QCOMPARE(app::linePoints(series, &core::LivePoint::stored), (Points{{2.5, 100}, {7.5, 900}}));
    }

    void aLongBinIsAStepAndAGapIsNone() {
        core::LatencyBin first;
        first.until = 10;
        first.figures.p50 = 20'000;
        core::LatencyBin later;
        later.from = 14;
        later.until = 15;
        later.figures.p50 = 30'000;
        later.figures.max = 40'000;
        const std::vector bins{first, later};
        const auto p50 = app::linePoints(bins, &core::LatencyFigures::p50);
        QCOMPARE(p50.size(), std::size_t{4});
        QCOMPARE(app::valueAt(p50, 0.6), std::optional(0.02));
        QCOMPARE(app::valueAt(p50, 9), std::optional(0.02));
        QCOMPARE(app::valueAt(p50, 12), std::optional<double>());
        QCOMPARE(app::valueAt(p50, 14.5), std::optional(0.03));
        const auto max = app::linePoints(bins, &core::LatencyFigures::max);
        QCOMPARE(app::valueAt(max, 5), std::optional<double>()); // of the first it is not known
        QCOMPARE(app::valueAt(max, 14.5), std::optional(0.04));
    }

    void noPercentileIsEverReadAboveTheMaximum() { // over random gaps and rates
        for (unsigned seed = 0; seed < 200; ++seed) {
            std::mt19937 dice(seed);
            core::LiveSeries series({{1, 60}, {10, 60}});
            double at = 0;
            while (at < 400) {
                core::LatencyHistogram latency;
                const unsigned rate = dice() % 4 == 0 ? 0 : dice() % 3'000;
                for (unsigned i = 0; i < rate; i += 1 + dice() % 50) {
                    latency.record(std::chrono::microseconds(100 + dice() % 50'000), 1 + dice() % 50);
                }
                core::Window window;
                window.length = std::chrono::seconds(1);
                core::of(window.latency, core::Metric::EndToEnd) = latency;
                core::Snapshot end;
                end.sinceStart = std::chrono::seconds(static_cast<int>(at) + 1);
                series.append(core::livePointOf(window, at, end));
                at += dice() % 20 == 0 ? static_cast<double>(1 + dice() % 30) : 1;
            }
            using Figures = core::LatencyFigures;
            const auto bins = core::latencyBins(series);
            const auto max = app::linePoints(bins, &Figures::max);
            for (const auto figure : {&Figures::p50, &Figures::p90, &Figures::p99, &Figures::p999}) {
                const auto line = app::linePoints(bins, figure);
                for (int i = 0; i < 2'000; ++i) {
                    const double x = std::uniform_real_distribution(-1.0, 401.0)(dice);
                    const auto value = app::valueAt(line, x);
                    const auto highest = app::valueAt(max, x);
                    QVERIFY2(!value || (highest && *value <= *highest),
                             qPrintable(QStringLiteral("seed %1, %2 s").arg(seed).arg(x)));
                }
            }
        }
    }

    void theHeatMapSaysWhatWasSlowest() {
        TimeAxis axis;
        HeatMap heat(axis, QStringLiteral("Heat map"));
        QAbstractItemModelTester tester(heat.model(), QAbstractItemModelTester::FailureReportingMode::QtTest);
        std::vector<HeatMap::Column> columns(3);
        for (std::size_t i = 0; i < columns.size(); ++i) {
            columns[i].from = static_cast<double>(i);
            columns[i].until = static_cast<double>(i + 1);
            columns[i].counts[26] = 1'000;
        }
        columns[1].counts[34] = 2;
        heat.setColumns(columns);
        QCOMPARE(heat.textSummary(), QStringLiteral("Heat map: most events took 8.19\u00a0ms to 11.6\u00a0ms, the "
                                                    "slowest 131\u00a0ms to 185\u00a0ms at 1\u00a0s."));
        QVERIFY(heat.csv().startsWith("from (s),until (s),"));
        heat.showTable(true);
        QCOMPARE(heat.model()->rowCount(), 3);
        QCOMPARE(QImage::fromData(heat.png({640, 240}), "PNG").size(), QSize(640, 240));
        QVERIFY(svgElements(heat.svg({640, 240})) > 5);
        heat.setColumns({});
        QCOMPARE(heat.textSummary(), QString());
    }

    void aHeatCellIsAsFullAsItsSecondsWere() {
        const std::vector<core::HeatCells> cells{{2, 3, {0, 0, 1, 0}}};
        const QImage image = app::heatImage(cells, {0, 4}, 4, 4, core::Theme::Light);
        QCOMPARE(image.size(), QSize(4, 4));
        const core::Rgb full = core::heatColour(1, core::Theme::Light);
        const core::Rgb none = core::heatColour(0, core::Theme::Light);
        QCOMPARE(image.pixel(2, 1), qRgb(full.red, full.green, full.blue)); // the third of four bins
        QCOMPARE(image.pixel(1, 1), qRgb(none.red, none.green, none.blue)); // no stretch
        QCOMPARE(image.pixel(2, 2), qRgb(none.red, none.green, none.blue)); // no event
    }
};

WINDOW_TEST(TestTimeChart)
#include "tst_time_chart.moc"
