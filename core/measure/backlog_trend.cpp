// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/measure/backlog_trend.h"

#include <algorithm>
#include <cmath>

namespace core {

namespace {

constexpr double kNoiseEvents = 10;
constexpr double kNoiseShare = 0.01;

} // namespace

BacklogTrend backlogTrend(std::uint64_t before, const Window& window) {
    return backlogTrend(before, window.waiting, window.consumer.polled, window.length);
}

BacklogTrend backlogTrend(std::uint64_t before, std::uint64_t now, std::uint64_t passed, Nanoseconds length) {
    BacklogTrend trend;
    const double change = static_cast<double>(now) - static_cast<double>(before);
    const double noise = std::max(kNoiseEvents, kNoiseShare * static_cast<double>(passed));
    if (std::abs(change) < noise) {
        return trend;
    }
    trend.perSecond = std::abs(change) / secondsOf(length);
    trend.word = change > 0 ? BacklogTrend::Word::Growing : BacklogTrend::Word::Draining;
    if (change < 0) {
        trend.empty = std::chrono::duration_cast<Nanoseconds>(
            std::chrono::duration<double>(static_cast<double>(now) / trend.perSecond));
    }
    return trend;
}

} // namespace core
