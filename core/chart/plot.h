// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/chart/chart_axis.h"
#include "core/chart/chart_marks.h"
#include "core/chart/decimation.h"
#include "core/chart/heat_cells.h"
#include "core/chart/palette.h"

#include <optional>
#include <string>
#include <vector>

namespace core {

/// A value that was promised: a line across the chart.
struct ChartLevel {
    double y = 0;
    std::string text;
};

/// A stretch of x that stands out.
struct ChartShade {
    double from = 0, until = 0;
    std::string text;
};

struct PlotLine {
    SeriesStyle style;
    bool onRight = false;                        ///< measured on the right axis
    std::vector<std::vector<ChartPoint>> pieces; ///< finite and within the scales; above 0 on a logarithmic one
};

/// What a plot shows, as a value: all that painting it needs, in the units of its axes. The window and reports paint
/// the same.
struct Plot {
    PlotAxis x, y;
    std::optional<PlotAxis> right;
    std::vector<ChartShade> shades;
    std::vector<HeatCells> heat;
    std::vector<PlotLine> lines; ///< later ones over earlier ones
    std::vector<ChartLevel> levels;
    std::vector<ChartMark> marks;

    const PlotAxis& yOf(const PlotLine& line) const { return line.onRight && right ? *right : y; }
};

} // namespace core
