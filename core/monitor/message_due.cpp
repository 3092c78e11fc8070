// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/monitor/message_due.h"

#include "core/format/event_codec.h"

namespace core {

MessageDue messageDue(std::string_view payload, std::optional<WallTime> recordTime, WallTime now) {
    EventDecoder decoder;
    const auto decoded = decoder.decode(payload, now);
    if (const auto* event = std::get_if<Event>(&decoded)) {
        if (const auto parts = event->id.parts()) {
            return {parts->due, true};
        }
    }
    return {recordTime, false};
}

} // namespace core
