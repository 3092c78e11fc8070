// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/chart/heat_cells.h"

#include "core/chart/palette.h"

#include <algorithm>
#include <cmath>

namespace core {
namespace {

double rateOf(const HeatStretch& stretch, std::size_t bin) {
    const double length = stretch.until - stretch.from;
    return length > 0 ? static_cast<double>(stretch.counts[bin]) / length : 0;
}

/// `length` seconds of the sum's events.
HeatCells cellsOf(const HeatStretch& sum, double length, const HeatRange& range) {
    HeatCells cells{sum.from, sum.until, {}};
    cells.shares.reserve(range.end - range.first);
    for (std::size_t bin = range.first; bin < range.end; ++bin) {
        const double rate = length > 0 ? static_cast<double>(sum.counts[bin]) / length : 0;
        cells.shares.push_back(heatShare(rate, range.most));
    }
    return cells;
}

} // namespace

AxisScale HeatRange::scale() const {
    return {heatBinStart(first) / 1e6, heatBinStart(end) / 1e6, true};
}

HeatRange heatRangeOf(std::span<const HeatStretch> stretches) {
    constexpr std::size_t kTogether = 4, kLeast = 12;
    HeatRange range{kHeatBins, 0, 0};
    for (const HeatStretch& stretch : stretches) {
        for (std::size_t bin = 0; bin < kHeatBins; ++bin) {
            if (stretch.counts[bin] > 0) {
                range.first = std::min(range.first, bin);
                range.end = std::max(range.end, bin + 1);
                range.most = std::max(range.most, rateOf(stretch, bin));
            }
        }
    }
    range.first = range.first / kTogether * kTogether;
    range.end = std::max((range.end + kTogether - 1) / kTogether * kTogether, range.first + kLeast);
    range.end = std::min(range.end, kHeatBins);
    range.first = std::min(range.first, range.end - kLeast);
    return range;
}

std::vector<HeatCells> heatCells(std::span<const HeatStretch> stretches, const AxisScale& time, std::size_t columns,
                                 const HeatRange& range) {
    const auto columnOf = [&](const HeatStretch& each) {
        return std::floor(time.share((each.from + each.until) / 2) * static_cast<double>(columns));
    };
    std::vector<HeatCells> cells;
    for (auto next = stretches.begin(); next != stretches.end();) {
        HeatStretch sum = *next;
        double length = sum.until - sum.from;
        const double column = columnOf(sum);
        for (++next; next != stretches.end() && columnOf(*next) == column; ++next) {
            sum.until = next->until;
            length += next->until - next->from;
            std::ranges::transform(sum.counts, next->counts, sum.counts.begin(), std::plus{});
        }
        if (sum.until > time.from && sum.from < time.until) {
            cells.push_back(cellsOf(sum, length, range));
        }
    }
    return cells;
}

std::vector<HeatSwatch> heatSwatches(double most) {
    constexpr int kMost = 6;
    std::vector<HeatSwatch> swatches;
    const int decades = most >= 1 ? static_cast<int>(std::log10(most)) : 0;
    for (int decade = std::max(0, decades + 1 - kMost); decade <= decades && most > 0; ++decade) {
        const double rate = std::pow(10.0, decade);
        swatches.push_back({axisLabel(rate, AxisUnit::Rate) + "/s", heatShare(rate, most)});
    }
    return swatches;
}

} // namespace core
