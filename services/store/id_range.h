// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/event/event_id.h"
#include "core/units.h"

namespace services {

/// The smallest id whose first 48 bits say this time in ms (RFC 9562, section 5.7), rounded down to a millisecond; ids
/// of version 7 of that time or later are not smaller.
core::EventId lowestIdAt(core::WallTime time);

/// The smallest id after all ids of this time.
core::EventId lowestIdAfter(core::WallTime time);

} // namespace services
