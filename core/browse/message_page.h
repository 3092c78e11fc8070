// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/browse/topic_message.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace core {

/// What one look into a topic has brought. All counts are of this look alone.
struct MessagePage {
    std::vector<TopicMessage> messages; ///< those that fit, merged by time, the newest last
    std::uint64_t lookedAt = 0;         ///< messages that were held against the filter
    std::uint64_t matched = 0;          ///< of these, those that fit
    std::uint64_t passedOver = 0;       ///< of these, those that are not in `messages`, because newer ones came
    std::uint64_t skipped = 0;          ///< offsets that were jumped over, unread, to keep up
    std::uint64_t forgotten = 0;        ///< offsets that retention had deleted before they were read
    bool isComplete = false;            ///< nothing is left that way: the log's beginning, or its end for now
    std::optional<WallTime> newest{};   ///< of the messages looked at
    std::string trouble{};              ///< the broker does not answer; the reading goes on when it does again
};

} // namespace core
