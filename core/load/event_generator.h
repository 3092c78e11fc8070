// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/event/event.h"
#include "core/load/message_lines.h"
#include "core/load/share.h"
#include "core/result.h"

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace core {

/// One event as it goes to the broker. The views live until the generator's next call.
struct GeneratedEvent {
    EventId id;                 ///< of the original, for a duplicate
    WallTime due;               ///< of this event, at full resolution (a duplicate's differs from the id's)
    std::uint64_t sequence = 0; ///< of the original
    bool duplicate = false;
    bool unreadable = false; ///< the payload is broken; the id must travel in the header millrace-id
    std::string_view key;    ///< empty: none
    std::string_view payload;
};

/// Generates a stream's events, one after the other. What event n holds depends on the scenario's seed, the stream's
/// place and n alone, but for its due time and the run tag. One thread.
///
/// Size: the encoded event has exactly the drawn size unless its fixed fields alone are larger; then its message is
/// empty. With lines of a file the message is the line and the size follows from it.
/// Duplicates: each readable original is repeated so often that the copies' share of all events is the ratio. A copy is
/// wanted at a random time within the given distance; the first slot from then on repeats the original byte for byte.
/// It is late by a slot or more where several are wanted at once, and after a pause. An unreadable event is never
/// repeated. Unreadable events are broken in one of the ways of breakage.h. A copy that still waits takes 24 bytes.
class EventGenerator {
public:
    /// `stream` is the stream's place in the scenario; `lines` may be null; both must outlive the generator.
    /// `share`: what this process sends of the stream; it is asked for the events of its share only.
    EventGenerator(const EventShape& shape, std::uint64_t seed, std::uint8_t stream, std::uint32_t runTag,
                   const MessageLines* lines, Share share = {});
    ~EventGenerator();
    EventGenerator(EventGenerator&&) noexcept;

    /// The next event, due at `due`. Sequence numbers of originals are the share's, in order and without a gap: of a
    /// whole stream 0, 1, 2, …
    const GeneratedEvent& next(WallTime due);

    std::uint64_t originals() const; ///< made so far

private:
    struct State;
    std::unique_ptr<State> m_state;
};

} // namespace core
