// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/run/wall_clock_watch.h"

#include "core/text/figure_text.h"

#include <fmt/format.h>

#include <utility>

namespace services {

std::optional<std::string> WallClockWatch::step(core::WallTime wall, core::Instant monotonic) {
    constexpr core::Nanoseconds kSmallest = std::chrono::milliseconds(500);
    const core::Nanoseconds passed = monotonic - std::exchange(m_monotonic, monotonic);
    const core::Nanoseconds stepped = wall - std::exchange(m_wall, wall) - passed;
    if (stepped > -kSmallest && stepped < kSmallest) {
        return std::nullopt;
    }
    return fmt::format("The wall clock was set {} by {}; the run's times do not follow it",
                       stepped < core::Nanoseconds{} ? "back" : "forward",
                       core::durationText(stepped < core::Nanoseconds{} ? -stepped : stepped));
}

} // namespace services
