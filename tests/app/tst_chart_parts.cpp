// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/desktop/charts/chart_table.h"
#include "app/desktop/charts/chart_text.h"
#include "app/desktop/charts/series_figures.h"
#include "tests/app/window_test.h"

#include <QAbstractItemModelTester>
#include <QTest>
#include <cmath>

namespace {

const double kNone = std::nan("");
} // namespace

/// The parts of charts: figures as text, read-outs, tables.
class TestChartParts : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { QLocale::setDefault(QLocale::c()); }

    void figuresHaveThreeDigitsAndAPrefix_data() {
        QTest::addColumn<double>("value");
        QTest::addColumn<QString>("unit");
        QTest::addColumn<QString>("text");
        const auto row = [](const char* name, double value, const char* unit, const char* text) {
            QTest::newRow(name) << value << QString::fromLatin1(unit)
                                << QString::fromUtf8(text).replace(u'_', QChar(0xa0));
        };
        row("a rate below a thousand is as it is", 142, "/s", "142/s");
        row("from a thousand on it has a prefix", 9'984, "/s", "9.98_k/s");
        row("zeros at the end are left out", 10'000, "/s", "10_k/s");
        row("what rounds to 1,000 takes the next prefix", 999'960, "/s", "1_M/s");
        row("a unit in words follows after a space", 142, "events", "142_events");
        row("no unit", 0.25, "", "0.25");
        row("seconds go with a prefix", 0.0098, "s", "9.8_ms");
        row("also very short ones", 0.000852, "s", "852_µs");
        row("long times have minutes", 130, "s", "2_min_10_s");
        row("nothing has no prefix", 0, "/s", "0/s");
        row("below 0", -1'500, "/s", "-1.5_k/s");
        row("what is not known is a dash", kNone, "/s", "–");
    }

    void figuresHaveThreeDigitsAndAPrefix() {
        QFETCH(double, value);
        QFETCH(QString, unit);
        QTEST(app::figureText(value, unit), "text");
    }

    void aFigureOfCoreTakesTheLocalesMarks() {
        QLocale::setDefault(QLocale(QLocale::German, QLocale::Germany));
        const QString text = app::localText("1,250.5 ms");
        QLocale::setDefault(QLocale::c());
        QCOMPARE(text, QStringLiteral("1.250,5\u00a0ms"));
        QCOMPARE(app::localText("p99.9"), QStringLiteral("p99.9"));
    }

    void instantsReadLikeAClock_data() {
        QTest::addColumn<double>("seconds");
        QTest::addColumn<bool>("fine");
        QTest::addColumn<QString>("text");
        const auto row = [](const char* name, double seconds, bool fine, const char* text) {
            QTest::newRow(name) << seconds << fine << QString::fromLatin1(text).replace(u'_', QChar(0xa0));
        };
        row("seconds", 42, false, "42_s");
        row("tenths where the cross-hair asks", 4.21, true, "4.2_s");
        row("minutes", 725, false, "12:05");
        row("hours", 3'725, false, "1:02:05");
        row("before the origin", -90, false, "-1:30");
    }

    void instantsReadLikeAClock() {
        QFETCH(double, seconds);
        QFETCH(bool, fine);
        QTEST(app::timeText(seconds, fine), "text");
    }

    void aLineIsReadAtTheNearestPoint() {
        const std::vector<core::ChartPoint> line{{0, 1}, {1, 2}, {2, kNone}, {3, 4}};
        QCOMPARE(app::valueAt(line, 0.4), std::optional(1.0));
        QCOMPARE(app::valueAt(line, 0.6), std::optional(2.0));
        QCOMPARE(app::valueAt(line, 2), std::optional<double>());
        QCOMPARE(app::valueAt(line, 3.1), std::optional<double>());
        QCOMPARE(app::latestOf(line), std::optional(4.0));
        QCOMPARE(app::latestOf({}), std::optional<double>());
    }

    void theMedianIsOneOfTimeAndNotOfPoints() {
        // Nine of ten seconds are one point.
        const std::vector<core::ChartPoint> line{{0, 5}, {0.5, 5}, {1, 5}, {10, 1}};
        const auto figures = app::figuresOf(line);
        QVERIFY(figures.has_value());
        QCOMPARE(figures->median, 1.0);
        QCOMPARE(figures->highest, (core::ChartPoint{0, 5}));
        QVERIFY(!app::figuresOf(std::vector<core::ChartPoint>{{0, kNone}}));
    }

    void aTableBecomesCsv() {
        const app::ChartTable table{{{QStringLiteral("time (s)"), {}, {0.5, 1.5}},
                                     {QStringLiteral("=sum, \"all\""), QStringLiteral("/s"), {1'000, kNone}}}};
        QCOMPARE(app::toCsv(table), QByteArray("time (s),\"'=sum, \"\"all\"\"\"\r\n0.5,1000\r\n1.5,\r\n"));
    }

    void aTableModelFollowsItsTable() {
        app::ChartTableModel model;
        QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        QCOMPARE(model.rowCount(), 0);
        const auto tableOf = [](const std::vector<double>& rates) {
            std::vector<double> times(rates.size());
            for (std::size_t i = 0; i < times.size(); ++i) {
                times[i] = static_cast<double>(i);
            }
            return app::ChartTable{
                {{QStringLiteral("time (s)"), {}, times}, {QStringLiteral("sent"), QStringLiteral("/s"), rates}}};
        };
        model.setTable(tableOf({1'000, kNone}));
        QCOMPARE(model.columnCount(), 2);
        QCOMPARE(model.data(model.index(0, 1)).toString(), QStringLiteral("1\u00a0k/s"));
        QCOMPARE(model.data(model.index(1, 1)).toString(), QStringLiteral("–"));
        QVERIFY(!model.data(model.index(1, 1), Qt::ToolTipRole).toString().isEmpty());
        QCOMPARE(model.headerData(1, Qt::Horizontal).toString(), QStringLiteral("sent"));
        const QPersistentModelIndex kept = model.index(1, 1);
        model.setTable(tableOf({1, 2, 3}));
        QVERIFY(kept.isValid());
        QCOMPARE(kept.data().toString(), QStringLiteral("2/s"));
        model.setTable(tableOf({1}));
        QCOMPARE(model.rowCount(), 1);
        model.setTable({});
        QCOMPARE(model.columnCount(), 0);
    }
};

WINDOW_TEST(TestChartParts)
#include "tst_chart_parts.moc"
