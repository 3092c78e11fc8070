// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/event/event_id.h"
#include "core/fleet/run_order.h"
#include "core/units.h"

#include <cstdint>
#include <string>

namespace services {

/// What names a run: chosen once, stored with it, and enough to find its events in any store.
struct RunHead {
    std::string id;      ///< a UUID
    std::string started; ///< RFC 3339
    core::ClockPair clocks;
    core::RunIdentity identity;
};

/// A new run of `streams` streams. Its tag is random; its events are due from now on, for as long as `longest` and
/// more than a year of pauses.
RunHead newRunHead(core::ClockPair now, std::uint32_t streams, core::Nanoseconds longest);

/// Of a run that is led elsewhere; its clocks are this machine's, and the boot is not known.
RunHead headOf(const core::RunOrder& order);

} // namespace services
