// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/chart/axis_ticks.h"
#include "core/chart/heat_cells.h"
#include "core/chart/palette.h"
#include "tests/test_class.h"

#include <QList>
#include <QTest>

namespace {

using Ticks = QList<double>;

Ticks listOf(const std::vector<double>& values) {
    return {values.begin(), values.end()};
}

} // namespace

/// What the axes of all charts have in common, in the window and in reports, and the heat maps' colours.
class TestAxisTicks : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void ticksAreRoundValues() {
        QCOMPARE(listOf(core::linearTicks(0, 12'000, 5)), (Ticks{0, 5'000, 10'000}));
        QCOMPARE(listOf(core::linearTicks(0, 1, 6)), (Ticks{0, 0.2, 0.4, 0.6000000000000001, 0.8, 1}));
        QCOMPARE(listOf(core::linearTicks(1, 1, 5)), Ticks{});
        QCOMPARE(listOf(core::logTicks(0.001, 10, 6)), (Ticks{0.001, 0.01, 0.1, 1, 10}));
        QCOMPARE(listOf(core::logTicks(0.01, 0.1, 8)), (Ticks{0.01, 0.02, 0.05, 0.1}));
        QCOMPARE(listOf(core::logTicks(0, 10, 6)), Ticks{}); // a log axis knows no 0
        QCOMPARE(listOf(core::timeTicks(0, 60, 7)), (Ticks{0, 10, 20, 30, 40, 50, 60}));
        QCOMPARE(listOf(core::timeTicks(0, 86'400, 5)), (Ticks{0, 21'600, 43'200, 64'800, 86'400}));
        QCOMPARE(listOf(core::timeTicks(7, 66, 3)), (Ticks{30, 60}));
    }

    void axesEndAtRoundValues() {
        QCOMPARE(core::roundedUp(0), 1.0);
        QCOMPARE(core::roundedUp(9'984), 10'000.0);
        QCOMPARE(core::roundedUp(10'000), 10'000.0);
        QCOMPARE(core::roundedUp(10'001), 15'000.0);
        QCOMPARE(core::roundedUp(0.031), 0.04);
    }

    void aHeatMapsCellsAreTold() {
        QCOMPARE(core::heatShare(0, 1'000), 0.0);
        QVERIFY(core::heatShare(0.1, 1'000'000) > 0.12); // one slow event beside a million is seen
        QCOMPARE(core::heatShare(1'000, 1'000), 1.0);
        QVERIFY(core::heatShare(10, 1'000) < core::heatShare(100, 1'000));
    }

    void aHeatMapHoldsWhatIsInUse() {
        std::vector<core::HeatStretch> stretches{{0, 1, {}}, {1, 3, {}}};
        stretches[0].counts[26] = 100;
        stretches[1].counts[37] = 4'000;
        const core::HeatRange range = core::heatRangeOf(stretches);
        QCOMPARE(range.first, std::size_t{24});
        QCOMPARE(range.end, std::size_t{40});
        QCOMPARE(range.most, 2'000.0); // per second
        QCOMPARE(core::heatRangeOf({}).most, 0.0);
    }

    void stretchesThatShareAColumnAreAddedUp() {
        std::vector<core::HeatStretch> stretches;
        for (int i = 0; i < 4; ++i) {
            stretches.push_back({i * 1.0, i + 1.0, {}});
        }
        stretches[0].counts[4] = stretches[1].counts[4] = 1'000;
        stretches[2].counts[5] = 1'000;
        const core::HeatRange range{4, 6, 1'000};
        QCOMPARE(core::heatCells(stretches, {0, 4}, 4, range),
                 (std::vector<core::HeatCells>{{0, 1, {1, 0}}, {1, 2, {1, 0}}, {2, 3, {0, 1}}, {3, 4, {0, 0}}}));
        // 500/s in the second column: log1p(500) / log1p(1000) of 0.88 above 0.12, in 32nds.
        QCOMPARE(core::heatCells(stretches, {0, 4}, 2, range),
                 (std::vector<core::HeatCells>{{0, 2, {1, 0}}, {2, 4, {0, 0.9375}}}));
        QCOMPARE(core::heatCells(stretches, {2, 4}, 2, range).size(), std::size_t{2}); // those outside are left out
    }

    void aHeatMapsColoursHaveSamples() {
        QStringList labels;
        for (const core::HeatSwatch& swatch : core::heatSwatches(1'500)) {
            labels += QString::fromStdString(swatch.label);
        }
        QCOMPARE(labels.join(QLatin1Char('|')), QStringLiteral("1/s|10/s|100/s|1 k/s"));
    }
};

TEST_CLASS(TestAxisTicks)
#include "tst_axis_ticks.moc"
