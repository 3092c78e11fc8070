// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/chart/chart_frame.h"

#include <limits>
#include <string>
#include <vector>

namespace core {

constexpr double kUnknown = std::numeric_limits<double>::quiet_NaN();

struct ChartPoint {
    double x = 0, y = 0; ///< y: kUnknown where it is not known
};

struct ChartSeries {
    std::string name;
    SeriesStyle style;
    std::vector<ChartPoint> points; ///< by x
    bool onRight = false;           ///< measured on the right axis
};

/// A value that was promised: a line across the chart.
struct ChartLevel {
    double y = 0;
    std::string text;
};

struct LineChart {
    ChartFrame frame;
    std::vector<ChartSeries> series; ///< later ones over earlier ones
    std::vector<ChartLevel> levels;
};

/// The chart as SVG. However many points there are, it draws at most two a pixel column, the lowest and the highest.
std::string svgOf(const LineChart& chart, Theme theme);

/// The stretches of a series between its gaps, with at most two points (the lowest and the highest, in their order) in
/// each of `columns` equal parts of the scale.
std::vector<std::vector<ChartPoint>> decimated(const std::vector<ChartPoint>& points, const AxisScale& scale,
                                               std::size_t columns);

} // namespace core
