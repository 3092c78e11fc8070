// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/chart/chart_heat.h"

#include <fmt/format.h>

#include <array>
#include <cmath>

namespace core {
namespace {

constexpr std::size_t kMostColumns = 240; // keeps a day's picture below a few hundred KB

std::string heatText(double share, Theme theme) {
    const Rgb colour = heatColour(share, theme);
    return fmt::format("#{:02x}{:02x}{:02x}", colour.red, colour.green, colour.blue);
}

/// The cells as rectangles, a path for each step of colour.
void drawCells(SvgCanvas& canvas, const Plot& plot, Theme theme) {
    const double height = ChartPlace::kBottom - ChartPlace::kTop;
    canvas.rectangle({ChartPlace::kLeft, ChartPlace::kTop}, ChartPlace::kRight - ChartPlace::kLeft, height,
                     heatText(0, theme));
    std::array<std::string, kHeatSteps + 1> paths;
    for (const HeatCells& cells : plot.heat) {
        const double left = std::round(ChartPlace::x(plot.x, cells.from)); // on whole pixels no seams show
        const double width = std::round(ChartPlace::x(plot.x, cells.until)) - left;
        const double each = height / static_cast<double>(cells.shares.size());
        for (std::size_t i = 0; i < cells.shares.size(); ++i) {
            const double top = std::round(ChartPlace::kBottom - each * static_cast<double>(i + 1));
            const double bottom = std::round(ChartPlace::kBottom - each * static_cast<double>(i));
            if (cells.shares[i] > 0) {
                paths[static_cast<std::size_t>(std::lround(cells.shares[i] * kHeatSteps))] +=
                    fmt::format("M{} {}h{}v{}h-{}z", left, top, width, bottom - top, width);
            }
        }
    }
    for (std::size_t step = 1; step <= kHeatSteps; ++step) {
        if (!paths[step].empty()) {
            canvas.filledPath(paths[step], heatText(static_cast<double>(step) / kHeatSteps, theme));
        }
    }
}

void drawSwatches(SvgCanvas& canvas, double most, Theme theme) {
    constexpr double kSwatch = 12, kBaseline = 42;
    double x = ChartPlace::kLeft;
    for (const HeatSwatch& swatch : heatSwatches(most)) {
        canvas.rectangle({x, kBaseline - 10}, kSwatch, 12, heatText(swatch.share, theme));
        x += kSwatch + 5;
        canvas.text({x, kBaseline}, swatch.label, surfaceOf(theme).text);
        x += textWidth(swatch.label) + 12;
    }
}

} // namespace

Plot plotOf(const HeatChart& chart) {
    Plot plot = plotOf(chart.frame);
    plot.heat = heatCells(chart.stretches, plot.x.scale, kMostColumns, chart.range);
    return plot;
}

std::string svgOf(const HeatChart& chart, Theme theme) {
    const Plot plot = plotOf(chart);
    SvgCanvas canvas = framedCanvas(chart.frame, plot, theme);
    drawCells(canvas, plot, theme);
    drawMarks(canvas, plot, theme);
    drawSwatches(canvas, chart.range.most, theme);
    return std::move(canvas).svg();
}

} // namespace core
