// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/chart/chart_axis.h"
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

/// Something that happened, as a thin line through the chart.
struct ChartMark {
    double x = 0;
    std::string text;
};

/// What all charts of a report have: where the axes lie, what they say, and the marks.
struct ChartFrame {
    std::string title, description;
    ChartAxis x, y;
    std::optional<ChartAxis> right;
    std::vector<ChartMark> marks;
};

/// The size of a chart and, within it, of the plot.
struct ChartPlace {
    static constexpr double kWidth = 900, kHeight = 320;
    double left = 78, top = 58, right = kWidth - 20, bottom = kHeight - 50;

    explicit ChartPlace(const ChartFrame& frame) {
        if (frame.right) {
            right = kWidth - 78;
        }
    }
    double x(const ChartAxis& axis, double value) const { return left + axis.scale.share(value) * (right - left); }
    double y(const ChartAxis& axis, double value) const { return bottom - axis.scale.share(value) * (bottom - top); }
};

/// Ground, title, axes with their labels, and grid lines below what is drawn later.
SvgCanvas framedCanvas(const ChartFrame& frame, Theme theme);
/// The marks, with labels where they do not touch each other; drawn over the data.
void drawMarks(SvgCanvas& canvas, const ChartFrame& frame, Theme theme);

struct LegendEntry {
    std::string name;
    SeriesStyle style;
};
void drawLegend(SvgCanvas& canvas, const ChartFrame& frame, const std::vector<LegendEntry>& entries, Theme theme);

} // namespace core
