// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/desktop/pages/logs/level_counts.h"

#include <algorithm>
#include <limits>
#include <numeric>

namespace app {

namespace {

constexpr std::size_t kFewestBins = 10; // a single event is no wall

/// The least of the widths that clocks have, up to a day and its doubles, that needs no more than `most` bins.
std::int64_t widthFor(std::int64_t from, std::int64_t until, std::int64_t most) {
    constexpr std::int64_t kMilli = 1'000, kSecond = 1'000'000, kMinute = 60 * kSecond, kHour = 60 * kMinute;
    constexpr std::array kWidths{kMilli,       2 * kMilli,   5 * kMilli,   10 * kMilli, 20 * kMilli, 50 * kMilli,
                                 100 * kMilli, 200 * kMilli, 500 * kMilli, kSecond,     2 * kSecond, 5 * kSecond,
                                 10 * kSecond, 15 * kSecond, 30 * kSecond, kMinute,     2 * kMinute, 5 * kMinute,
                                 10 * kMinute, 15 * kMinute, 30 * kMinute, kHour,       2 * kHour,   3 * kHour,
                                 6 * kHour,    12 * kHour,   24 * kHour};
    const auto fits = [=](std::int64_t width) { return until / width - from / width + 2 <= most; };
    const auto found = std::ranges::find_if(kWidths, fits);
    std::int64_t width = found == kWidths.end() ? kWidths.back() : *found;
    while (!fits(width)) {
        width *= 2;
    }
    return width;
}

std::int64_t flooredTo(std::int64_t micros, std::int64_t width) {
    const std::int64_t rest = micros % width;
    return micros - rest - (rest < 0 ? width : 0);
}

} // namespace

LevelCounts::Bin LevelCounts::total() const {
    Bin sum{};
    for (const Bin& bin : bins) {
        std::ranges::transform(sum, bin, sum.begin(), std::plus());
    }
    return sum;
}

std::uint32_t LevelCounts::highest() const {
    std::uint32_t most = 0;
    for (const Bin& bin : bins) {
        most = std::max(most, std::accumulate(bin.begin(), bin.end(), 0U));
    }
    return most;
}

LevelCounts countsOf(std::span<const core::LogRow> rows, std::size_t most) {
    std::int64_t first = std::numeric_limits<std::int64_t>::max(), last = std::numeric_limits<std::int64_t>::min();
    for (const core::LogRow& row : rows) {
        if (row.timestamp) {
            first = std::min(first, core::microsecondsOf(*row.timestamp));
            last = std::max(last, core::microsecondsOf(*row.timestamp));
        }
    }
    LevelCounts counts;
    if (first > last) {
        return counts;
    }
    counts.widthMicros = widthFor(first, last, static_cast<std::int64_t>(most));
    counts.fromMicros = flooredTo(first, counts.widthMicros);
    const auto used = static_cast<std::size_t>((last - counts.fromMicros) / counts.widthMicros) + 1;
    counts.bins.resize(std::max(used, kFewestBins));
    for (const core::LogRow& row : rows) {
        if (row.timestamp) {
            const std::int64_t at = (core::microsecondsOf(*row.timestamp) - counts.fromMicros) / counts.widthMicros;
            ++counts.bins[static_cast<std::size_t>(at)].at(static_cast<std::size_t>(groupOf(row.level)));
        }
    }
    return counts;
}

} // namespace app
