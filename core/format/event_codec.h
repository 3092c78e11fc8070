// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/event/event.h"

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <variant>

namespace core {

/// Appends the event as one JSON object with the fields id, level, message, source, timestamp (RFC 3339, UTC,
/// microseconds) and traceId, in this order.
void appendJson(const Event& event, std::string& out);

/// Why a payload is not an event; goes to the dead letters.
struct Unreadable {
    std::string reason;
    std::optional<EventId> id; ///< if the payload said it before the fault
};

/// Reads events. Refuses what PostgreSQL would refuse: bytes that are not UTF-8, NUL, a level that is unknown, a
/// timestamp before 2000 or more than a day after `now`, over-long texts, more than 1 MiB, depth over 32.
/// Accepts fields in any order, unknown fields, a timestamp as RFC 3339 with any offset (or without: UTC) and as
/// milliseconds since 1970. All six fields must be there; of a field that comes twice the first counts. Lengths are
/// characters. Reasons are fixed sentences. One thread an instance.
class EventDecoder {
public:
    EventDecoder();
    ~EventDecoder();

    static constexpr std::size_t kMaxPayload = 1U << 20U;
    static constexpr std::size_t kMaxSource = 255;
    static constexpr std::size_t kMaxTraceId = 255;

    /// The event's texts live until the next call.
    std::variant<Event, Unreadable> decode(std::string_view payload, WallTime now);

private:
    struct State;
    std::unique_ptr<State> m_state;
};

} // namespace core
