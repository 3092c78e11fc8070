// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/event/event_id.h"
#include "core/scenario/scenario.h"

#include <string_view>

namespace core {

/// A log event. The texts are views: whoever hands an event out says how long they live.
struct Event {
    EventId id;
    Level level = Level::Info;
    std::string_view message;
    std::string_view source;
    WallTime timestamp; ///< kept to a microsecond
    std::string_view traceId;
};

} // namespace core
