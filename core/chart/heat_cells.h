// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/chart/chart_axis.h"
#include "core/measure/coarse_histogram.h"

#include <span>
#include <string>
#include <vector>

namespace core {

/// One stretch of time and how many events took how long in it.
struct HeatStretch {
    double from = 0, until = 0; ///< seconds
    HeatColumn counts{};        ///< by heatBinOf()
};

/// What a heat map's latency axis and its colours hold.
struct HeatRange {
    std::size_t first = 0, end = 0; ///< bins in use, to the next fourth, so that the axis seldom changes
    double most = 0;                ///< events/s of the fullest bin of a stretch; 0: there is nothing to show

    AxisScale scale() const; ///< seconds
};
HeatRange heatRangeOf(std::span<const HeatStretch> stretches);

/// A column of cells as it is painted.
struct HeatCells {
    double from = 0, until = 0; ///< seconds
    std::vector<double> shares; ///< of each bin of the range, the lowest latency first: heatShare()

    bool operator==(const HeatCells&) const = default;
};

/// The stretches within the time scale, in order; those that share one of `columns` equal parts of it show their events
/// over their time.
std::vector<HeatCells> heatCells(std::span<const HeatStretch> stretches, const AxisScale& time, std::size_t columns,
                                 const HeatRange& range);

/// A sample of a heat map's colours.
struct HeatSwatch {
    std::string label; ///< "10/s", "1 k/s"
    double share = 0;
};
/// One for each power of ten up to the most.
std::vector<HeatSwatch> heatSwatches(double most);

} // namespace core
