// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/chart/chart_frame.h"

#include <string>
#include <vector>

namespace core {

struct ChartSeries {
    std::string name;
    SeriesStyle style;
    std::vector<ChartPoint> points; ///< by x
    bool onRight = false;           ///< measured on the right axis
};

struct LineChart {
    ChartFrame frame;
    std::vector<ChartSeries> series; ///< later ones over earlier ones
    std::vector<ChartLevel> levels;
};

Plot plotOf(const LineChart& chart);
/// The chart as SVG. However many points there are, it draws at most two per pixel column, the lowest and the highest.
std::string svgOf(const LineChart& chart, Theme theme);

} // namespace core
