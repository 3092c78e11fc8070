// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/chart/chart_lines.h"

#include <algorithm>
#include <cmath>

namespace core {
namespace {

std::vector<SvgPoint> pixels(const Plot& plot, const PlotLine& line, const std::vector<ChartPoint>& piece) {
    std::vector<SvgPoint> points;
    for (const ChartPoint& point : piece) {
        points.push_back({ChartPlace::x(plot.x, point.x), ChartPlace::y(plot.yOf(line), point.y)});
    }
    return points;
}

void drawAreas(SvgCanvas& canvas, const Plot& plot) {
    for (const PlotLine& line : plot.lines) {
        for (const auto& piece : line.pieces) {
            if (line.style.area && piece.size() > 1) {
                canvas.area(pixels(plot, line, piece), ChartPlace::kBottom, line.style.colour);
            }
        }
    }
}

void drawLines(SvgCanvas& canvas, const Plot& plot) {
    for (const PlotLine& line : plot.lines) {
        for (const auto& piece : line.pieces) {
            const std::vector<SvgPoint> points = pixels(plot, line, piece);
            if (points.size() == 1) {
                canvas.dot(points.front(), line.style.width, line.style.colour);
            } else {
                canvas.polyline(points, line.style);
            }
        }
    }
}

void drawLevels(SvgCanvas& canvas, const Plot& plot, Theme theme) {
    const SeriesStyle style = styleOf(SeriesRole::Limit, theme);
    for (const ChartLevel& level : plot.levels) {
        const AxisScale& scale = plot.y.scale;
        if (level.y < scale.from || level.y > scale.until) {
            continue;
        }
        const double y = ChartPlace::y(plot.y, level.y);
        canvas.line({ChartPlace::kLeft, y}, {ChartPlace::kRight, y}, style);
        const bool atTop = y < ChartPlace::kTop + 14;
        const double middle =
            (ChartPlace::kLeft + ChartPlace::kRight) / 2; // marks have their labels nearer to the ends
        canvas.text({middle, atTop ? y + 13 : y - 4}, level.text, style.colour, SvgCanvas::Anchor::Middle, 11);
    }
}

} // namespace

Plot plotOf(const LineChart& chart) {
    Plot plot = plotOf(chart.frame);
    const auto columns = static_cast<std::size_t>(ChartPlace::kRight - ChartPlace::kLeft);
    for (const ChartSeries& series : chart.series) {
        plot.lines.push_back({series.style, series.onRight, {}});
        const AxisScale& scale = plot.yOf(plot.lines.back()).scale;
        plot.lines.back().pieces = decimated(series.points, plot.x.scale, columns, scale.logarithmic);
    }
    plot.levels = chart.levels;
    return plot;
}

std::string svgOf(const LineChart& chart, Theme theme) {
    const Plot plot = plotOf(chart);
    SvgCanvas canvas = framedCanvas(chart.frame, plot, theme);
    drawAreas(canvas, plot); // below all lines
    drawLines(canvas, plot);
    drawLevels(canvas, plot, theme);
    drawMarks(canvas, plot, theme);
    std::vector<LegendEntry> legend;
    for (const ChartSeries& series : chart.series) {
        const bool known = std::ranges::any_of(series.points, [](const ChartPoint& at) { return std::isfinite(at.y); });
        legend.push_back({series.name + (known ? "" : ": not known"), series.style});
    }
    drawLegend(canvas, legend, theme);
    return std::move(canvas).svg();
}

} // namespace core
