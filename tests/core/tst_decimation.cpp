// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/chart/decimation.h"
#include "tests/test_class.h"

#include <QTest>
#include <algorithm>
#include <cmath>

namespace {

using Points = std::vector<core::ChartPoint>;

} // namespace

/// The points of a line that a chart draws.
class TestDecimation : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void fewPointsStayAsTheyAre() {
        const Points line{{0, 1}, {5, 3}, {10, 2}};
        const auto pieces = core::decimated(line, {0, 10}, 100);
        QCOMPARE(pieces.size(), std::size_t{1});
        QCOMPARE(pieces[0], (Points{{0, 1}, {5, 3}, {10, 2}}));
    }

    void theExtremesOfManyPointsSurvive() {
        Points line;
        for (int i = 0; i < 100'000; ++i) {
            line.push_back({i * 1.0, 10.0 + i % 7});
        }
        line[31'415].y = 500; // one second's peak
        line[77'777].y = -3;
        const auto pieces = core::decimated(line, {0, 100'000}, 640);
        QCOMPARE(pieces.size(), std::size_t{1});
        QVERIFY2(pieces[0].size() <= 2 * 640, qPrintable(QString::number(pieces[0].size())));
        QVERIFY(std::ranges::count(pieces[0], core::ChartPoint{31'415, 500}) == 1);
        QVERIFY(std::ranges::count(pieces[0], core::ChartPoint{77'777, -3}) == 1);
        QVERIFY(std::is_sorted(pieces[0].begin(), pieces[0].end(),
                               [](const core::ChartPoint& a, const core::ChartPoint& b) { return a.x < b.x; }));
    }

    void aLineIsCutWhereTheRangeEnds() {
        const Points line{{0, 0}, {10, 100}, {20, 0}, {30, 0}};
        const auto pieces = core::decimated(line, {5, 15}, 100);
        QCOMPARE(pieces.size(), std::size_t{1});
        QCOMPARE(pieces[0], (Points{{5, 50}, {10, 100}, {15, 50}}));
    }

    void whatCannotBeDrawnIsAGap_data() {
        QTest::addColumn<double>("y");
        QTest::addColumn<bool>("logarithmic");
        QTest::addColumn<int>("pieces");
        QTest::newRow("not a number") << core::kUnknown << false << 2;
        QTest::newRow("infinite") << HUGE_VAL << false << 2;
        QTest::newRow("0 on a log axis") << 0.0 << true << 2;
        QTest::newRow("below 0 on a log axis") << -1.0 << true << 2;
        QTest::newRow("0 on a linear axis is a value") << 0.0 << false << 1;
    }

    void whatCannotBeDrawnIsAGap() {
        QFETCH(double, y);
        QFETCH(bool, logarithmic);
        const Points line{{0, 1}, {1, 1}, {2, y}, {3, 1}, {4, 1}};
        const auto pieces = core::decimated(line, {0, 4}, 100, logarithmic);
        QTEST(static_cast<int>(pieces.size()), "pieces");
    }

    void noPointsAndPointsOutsideMakeNoPiece() {
        QVERIFY(core::decimated({}, {0, 10}, 100).empty());
        const Points late{{20, 1}};
        QVERIFY(core::decimated(late, {0, 10}, 100).empty());
    }
};

TEST_CLASS(TestDecimation)
#include "tst_decimation.moc"
