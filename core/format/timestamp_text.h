// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/units.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace core {

/// RFC 3339 in UTC with microseconds, as 2026-01-31T23:59:59.000001Z. For the years 0 to 9999.
class TimestampText {
public:
    static constexpr std::size_t kLength = 27;
    char* write(char* out, WallTime time);

private:
    static constexpr std::int64_t kNoSecond = INT64_MIN;
    std::int64_t m_second = kNoSecond; ///< whose first 19 characters are kept
    char m_text[20] = {};
};

/// Reads RFC 3339 with any offset; without one it is UTC. Finer than a microsecond is cut off. A leap second counts as
/// the next minute's first. Nothing for other texts and for years that nanoseconds in 64 bits cannot hold.
class TimestampReader {
public:
    std::optional<WallTime> read(std::string_view text);

private:
    std::optional<std::chrono::sys_days> takeDate(std::string_view& text);

    char m_dateText[10] = {}; ///< the date read last, since one day follows the other seldom
    std::chrono::sys_days m_date;
};

} // namespace core
