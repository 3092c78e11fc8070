// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/browse/reading_start.h"

#include "core/format/timestamp_text.h"
#include "core/text/plain_number.h"
#include "core/text/wording.h"

#include <fmt/format.h>

#include <cstdint>

namespace core {

Result<ReadingStart> readingStartFrom(std::string_view text) {
    if (text == "end") {
        return ReadingStart(FromEnd());
    }
    if (text == "beginning") {
        return ReadingStart(FromBeginning());
    }
    if (const auto number = numberFrom<std::int64_t>(text); number && *number != INT64_MIN) {
        return *number < 0 ? ReadingStart(FromLast{static_cast<std::size_t>(-*number)})
                           : ReadingStart(FromOffset{{*number}});
    }
    if (const auto time = TimestampReader().read(text)) {
        return ReadingStart(FromTime{*time});
    }
    return invalid(fmt::format("expected end, beginning, -N for the last N messages, an offset, or a time such as "
                               "2027-01-15T09:00:00Z, not {}",
                               inQuotes(text)));
}

} // namespace core
