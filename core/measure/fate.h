// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/units.h"

#include <cstdint>

namespace core {

/// What became of an event that was handed to the broker's client.
enum class Delivery { Acked, Failed, InDoubt };

/// What a committed batch did to an event of this run.
struct OwnFate {
    /// Refused: a dead letter that was sent as a readable event.
    enum class Kind { Stored, Duplicate, DeadLettered, Refused };
    std::uint8_t stream = 0;
    std::uint64_t sequence = 0;
    Kind kind = Kind::Stored;
    WallTime due{}; ///< as the id says
};

} // namespace core
