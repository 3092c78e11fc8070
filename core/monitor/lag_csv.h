// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/monitor/lag_history.h"
#include "core/units.h"

#include <string>

namespace core {

/// The lag of every group as CSV: time (UTC) at an interval's end, its length, the lag in events and in seconds at its
/// end with the extremes within. `origin`: the wall clock at the history's origin.
std::string csvOf(const LagHistory& history, WallTime origin);

} // namespace core
