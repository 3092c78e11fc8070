// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/chart/chart_heat.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

namespace core {
namespace {

constexpr std::size_t kMostColumns = 240; // keeps a day's picture below a few hundred KB
constexpr std::size_t kLevels = 16;

std::vector<HeatColumn> addedUp(const std::vector<HeatColumn>& columns) {
    const std::size_t together = (columns.size() + kMostColumns - 1) / kMostColumns;
    std::vector<HeatColumn> sums;
    for (std::size_t i = 0; i < columns.size(); ++i) {
        if (i % together == 0) {
            sums.push_back(columns[i]);
            continue;
        }
        HeatColumn& sum = sums.back();
        sum.until = columns[i].until;
        for (std::size_t band = 0; band < sum.counts.size(); ++band) {
            sum.counts[band] += columns[i].counts[band];
        }
    }
    return sums;
}

/// 0 for an empty cell, else 1 … kLevels.
std::size_t levelOf(std::uint64_t count, std::uint64_t total) {
    if (count == 0) {
        return 0;
    }
    const double share = std::sqrt(static_cast<double>(count) / static_cast<double>(total));
    return std::clamp<std::size_t>(static_cast<std::size_t>(std::ceil(share * kLevels)), 1, kLevels);
}

/// Begins well off the ground, so that a cell with a single slow event is seen.
std::string colourOf(std::size_t level, Theme theme) {
    constexpr double kFaintest = 0.2;
    const Rgb colour = heatColour(kFaintest + (1 - kFaintest) * static_cast<double>(level) / kLevels, theme);
    return fmt::format("#{:02x}{:02x}{:02x}", colour.red, colour.green, colour.blue);
}

/// The cells of a column as rectangles, each in its level's path.
void addColumn(const HeatChart& chart, const ChartPlace& place, const HeatColumn& column,
               std::array<std::string, kLevels + 1>& paths) {
    const double left = place.x(chart.frame.x, column.from);
    const double width = place.x(chart.frame.x, column.until) - left;
    const std::uint64_t total = std::accumulate(column.counts.begin(), column.counts.end(), std::uint64_t{0});
    for (std::size_t band = 0; band < column.counts.size(); ++band) {
        const std::size_t level = levelOf(column.counts[band], total);
        if (level == 0) {
            continue;
        }
        const double top = place.y(chart.frame.y, chart.bands[band + 1]);
        const double height = place.y(chart.frame.y, chart.bands[band]) - top;
        paths[level] += fmt::format("M{} {}h{}v{}h-{}z", svgNumber(left), svgNumber(top), svgNumber(width),
                                    svgNumber(height), svgNumber(width));
    }
}

void drawScale(SvgCanvas& canvas, const ChartFrame& frame, Theme theme) {
    constexpr double kCell = 9, kBaseline = 42;
    double x = ChartPlace(frame).left;
    const auto write = [&](std::string_view text) {
        canvas.text({x, kBaseline}, text, surfaceOf(theme).text);
        x += textWidth(text) + 8;
    };
    write("share of each interval's events: few");
    for (std::size_t level = 1; level <= kLevels; ++level, x += kCell) {
        canvas.rectangle({x, kBaseline - 10}, kCell, 12, colourOf(level, theme));
    }
    x += 8;
    write("all");
}

} // namespace

std::vector<double> logBands(const AxisScale& scale, int perDecade) {
    const auto count = static_cast<int>(std::lround(std::log10(scale.until / scale.from) * perDecade));
    std::vector<double> edges;
    for (int i = 0; i <= count; ++i) {
        edges.push_back(scale.from * std::pow(10.0, static_cast<double>(i) / perDecade));
    }
    return edges;
}

std::string svgOf(const HeatChart& chart, Theme theme) {
    SvgCanvas canvas = framedCanvas(chart.frame, theme);
    const ChartPlace place(chart.frame);
    std::array<std::string, kLevels + 1> paths;
    for (const HeatColumn& column : addedUp(chart.columns)) {
        addColumn(chart, place, column, paths);
    }
    for (std::size_t level = 1; level <= kLevels; ++level) {
        if (!paths[level].empty()) {
            canvas.filledPath(paths[level], colourOf(level, theme));
        }
    }
    drawMarks(canvas, chart.frame, theme);
    drawScale(canvas, chart.frame, theme);
    return std::move(canvas).svg();
}

} // namespace core
