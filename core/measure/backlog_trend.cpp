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
    BacklogTrend trend;
    const double length = std::chrono::duration<double>(window.length).count();
    const double change = static_cast<double>(window.waiting) - static_cast<double>(before);
    const double noise = std::max(kNoiseEvents, kNoiseShare * static_cast<double>(window.consumer.polled));
    if (std::abs(change) < noise) {
        return trend;
    }
    trend.perSecond = std::abs(change) / length;
    trend.word = change > 0 ? BacklogTrend::Word::Growing : BacklogTrend::Word::Draining;
    if (change < 0) {
        trend.empty = std::chrono::duration_cast<Nanoseconds>(
            std::chrono::duration<double>(static_cast<double>(window.waiting) / trend.perSecond));
    }
    return trend;
}

} // namespace core
