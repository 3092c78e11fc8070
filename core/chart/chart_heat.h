// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/chart/chart_frame.h"

#include <cstdint>
#include <string>
#include <vector>

namespace core {

/// How many values fell into each band during an interval.
struct HeatChartColumn {
    double from = 0, until = 0;
    std::vector<std::uint64_t> counts; ///< one a band, from the lowest
};

struct HeatChart {
    ChartFrame frame;          ///< y holds all bands
    std::vector<double> bands; ///< their edges, rising: one more than there are bands
    std::vector<HeatChartColumn> columns;
};

/// The chart as SVG, coloured as the window's heat map (heatShare()). Neighbouring columns are added up where there are
/// more than it draws.
std::string svgOf(const HeatChart& chart, Theme theme);

/// Bands of equal height on a logarithmic scale, `perDecade` to a decade.
std::vector<double> logBands(const AxisScale& scale, int perDecade);

} // namespace core
