// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/units.h"

#include <optional>
#include <string>

namespace services {

/// Notices steps of the wall clock. They move nothing of a run, whose times are those of the monotonic clock. One
/// thread.
class WallClockWatch {
public:
    explicit WallClockWatch(const core::ClockPair& clocks) : m_wall(clocks.wall), m_monotonic(clocks.monotonic) {}

    /// Several times a second: "The wall clock was set back by 2 days", if it was by at least half a second since the
    /// last call.
    std::optional<std::string> step(core::WallTime wall, core::Instant monotonic);

private:
    core::WallTime m_wall;
    core::Instant m_monotonic;
};

} // namespace services
