// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/chart/chart_heat.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

namespace core {
namespace {

constexpr std::size_t kMostColumns = 240; // keeps a day's picture below a few hundred KB
constexpr std::size_t kLevels = 32;       // of colour: a path each

std::vector<HeatChartColumn> addedUp(const std::vector<HeatChartColumn>& columns) {
    const std::size_t together = (columns.size() + kMostColumns - 1) / kMostColumns;
    std::vector<HeatChartColumn> sums;
    for (std::size_t i = 0; i < columns.size(); ++i) {
        if (i % together == 0) {
            sums.push_back(columns[i]);
            continue;
        }
        HeatChartColumn& sum = sums.back();
        sum.until = columns[i].until;
        for (std::size_t band = 0; band < sum.counts.size(); ++band) {
            sum.counts[band] += columns[i].counts[band];
        }
    }
    return sums;
}

double rateOf(const HeatChartColumn& column, std::size_t band) {
    return static_cast<double>(column.counts[band]) / (column.until - column.from);
}

double highestRate(const std::vector<HeatChartColumn>& columns) {
    double most = 0;
    for (const HeatChartColumn& column : columns) {
        for (std::size_t band = 0; band < column.counts.size(); ++band) {
            most = std::max(most, rateOf(column, band));
        }
    }
    return most;
}

std::string colourOf(double share, Theme theme) {
    const Rgb colour = heatColour(share, theme);
    return fmt::format("#{:02x}{:02x}{:02x}", colour.red, colour.green, colour.blue);
}

/// The cells of a column as rectangles, each in its level's path.
void addColumn(const HeatChart& chart, const ChartPlace& place, const HeatChartColumn& column, double most,
               std::array<std::string, kLevels + 1>& paths) {
    const double left = place.x(chart.frame.x, column.from);
    const double width = place.x(chart.frame.x, column.until) - left;
    for (std::size_t band = 0; band < column.counts.size(); ++band) {
        const double share = heatShare(rateOf(column, band), most);
        if (share <= 0) {
            continue;
        }
        const double top = place.y(chart.frame.y, chart.bands[band + 1]);
        const double height = place.y(chart.frame.y, chart.bands[band]) - top;
        paths[static_cast<std::size_t>(std::ceil(share * kLevels))] +=
            fmt::format("M{} {}h{}v{}h-{}z", svgNumber(left), svgNumber(top), svgNumber(width), svgNumber(height),
                        svgNumber(width));
    }
}

/// A swatch for each power of ten up to the most, as in the window.
void drawScale(SvgCanvas& canvas, const ChartFrame& frame, double most, Theme theme) {
    constexpr double kSwatch = 12, kBaseline = 42;
    constexpr int kMostSwatches = 6;
    double x = ChartPlace(frame).left;
    const auto write = [&](std::string_view text) {
        canvas.text({x, kBaseline}, text, surfaceOf(theme).text);
        x += textWidth(text) + 12;
    };
    write("events/s of each latency:");
    const int decades = most >= 1 ? static_cast<int>(std::log10(most)) : 0;
    for (int decade = std::max(0, decades + 1 - kMostSwatches); decade <= decades && most > 0; ++decade) {
        const double rate = std::pow(10.0, decade);
        canvas.rectangle({x, kBaseline - 10}, kSwatch, 12, colourOf(heatShare(rate, most), theme));
        x += kSwatch + 4;
        write(axisLabel(rate, AxisUnit::Rate));
    }
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
    const std::vector<HeatChartColumn> columns = addedUp(chart.columns);
    const double most = highestRate(columns);
    for (const HeatChartColumn& column : columns) {
        addColumn(chart, place, column, most, paths);
    }
    for (std::size_t level = 1; level <= kLevels; ++level) {
        if (!paths[level].empty()) {
            canvas.filledPath(paths[level], colourOf(static_cast<double>(level) / kLevels, theme));
        }
    }
    drawMarks(canvas, chart.frame, theme);
    drawScale(canvas, chart.frame, most, theme);
    return std::move(canvas).svg();
}

} // namespace core
