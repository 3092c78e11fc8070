// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/units.h"

#include <optional>
#include <string_view>

namespace core {

/// From when on a message waits to be consumed.
struct MessageDue {
    std::optional<WallTime> time; ///< nothing: it has no time
    bool byId = false;            ///< the due time in its event's id; else its record's time
};

/// Of an event of ours the due time in its id, of any other message its record's time. `now`: for what an event lacks.
MessageDue messageDue(std::string_view payload, std::optional<WallTime> recordTime, WallTime now);

} // namespace core
