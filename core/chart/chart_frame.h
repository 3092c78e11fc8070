// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/chart/plot.h"
#include "core/chart/svg_canvas.h"

#include <optional>
#include <string>
#include <vector>

namespace core {

struct ChartAxis {
    std::string name; ///< with its unit: "events/s"
    AxisUnit unit = AxisUnit::Events;
    AxisScale scale;
};

/// What all charts of a report have: where the axes lie, what they say, and the marks.
struct ChartFrame {
    std::string title, description;
    ChartAxis x, y;
    std::optional<ChartAxis> right;
    std::vector<ChartMark> marks;
};

/// The size of a chart and, within it, of the plot. All have the same, so that instants line up in charts that stand
/// above each other.
struct ChartPlace {
    static constexpr double kWidth = 900, kHeight = 320;
    static constexpr double kLeft = 78, kTop = 58, kRight = kWidth - 78, kBottom = kHeight - 50;

    static double x(const PlotAxis& axis, double value) { return kLeft + axis.share(value) * (kRight - kLeft); }
    static double y(const PlotAxis& axis, double value) { return kBottom - axis.share(value) * (kBottom - kTop); }
};

/// Axes with their ticks, and the marks.
Plot plotOf(const ChartFrame& frame);
/// Ground, title, axes with their labels, and grid lines below what is drawn later.
SvgCanvas framedCanvas(const ChartFrame& frame, const Plot& plot, Theme theme);
/// The axis at the bottom and the marks, over the data.
void drawMarks(SvgCanvas& canvas, const Plot& plot, Theme theme);

struct LegendEntry {
    std::string name;
    SeriesStyle style;
};
void drawLegend(SvgCanvas& canvas, const std::vector<LegendEntry>& entries, Theme theme);

} // namespace core
