// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/chart/chart_axis.h"

#include <cstddef>
#include <limits>
#include <span>
#include <vector>

namespace core {

constexpr double kUnknown = std::numeric_limits<double>::quiet_NaN();

struct ChartPoint {
    double x = 0, y = 0; ///< y: kUnknown where it is not known

    bool operator==(const ChartPoint&) const = default;
};

/// The points of a line that a chart of `columns` pixel columns shows: at most two per column, its lowest and its
/// highest, in their order, so that no extreme is lost; fewer points than that stay as they are. At the scale's ends
/// the line is cut by interpolation. `points` is ordered by x. A y that is not finite, or not above 0 where
/// `positiveOnly`, is a gap; each piece between gaps is a list of its own.
std::vector<std::vector<ChartPoint>> decimated(std::span<const ChartPoint> points, const AxisScale& scale,
                                               std::size_t columns, bool positiveOnly = false);

} // namespace core
