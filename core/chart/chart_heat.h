// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/chart/chart_frame.h"

#include <string>
#include <vector>

namespace core {

struct HeatChart {
    ChartFrame frame;                   ///< y is the range's scale
    std::vector<HeatStretch> stretches; ///< in order
    HeatRange range;
};

Plot plotOf(const HeatChart& chart);
/// The chart as SVG, with the cells, ticks and marks of the window's heat map.
std::string svgOf(const HeatChart& chart, Theme theme);

} // namespace core
