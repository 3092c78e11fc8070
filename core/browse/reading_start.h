// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/result.h"
#include "core/units.h"

#include <cstddef>
#include <string_view>
#include <variant>

namespace core {

/// Where the reading of a topic starts.
struct FromEnd { ///< with what comes from now on
    bool operator==(const FromEnd&) const = default;
};
struct FromBeginning { ///< with the oldest message that is kept
    bool operator==(const FromBeginning&) const = default;
};
struct FromLast { ///< with so many of the newest
    std::size_t count = 0;
    bool operator==(const FromLast&) const = default;
};
struct FromOffset { ///< of one partition
    Offset offset;
    bool operator==(const FromOffset&) const = default;
};
struct FromTime { ///< in each partition with the first message of this time or later
    WallTime time;
    bool operator==(const FromTime&) const = default;
};
using ReadingStart = std::variant<FromEnd, FromBeginning, FromLast, FromOffset, FromTime>;

/// Reads end, beginning, -N (the last N), an offset, or a time of RFC 3339. The error says what is expected.
Result<ReadingStart> readingStartFrom(std::string_view text);

} // namespace core
