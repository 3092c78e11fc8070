// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/units.h"

#include <cstddef>
#include <optional>
#include <vector>

namespace core {

/// When a message was written, and how far off that is at most.
struct WrittenAt {
    WallTime time;
    Nanoseconds bound{};
};

/// When a partition's log ended where: from it follows when the message at an offset was written, without reading it.
/// Between two looks messages count as evenly spread. In constant memory: the older, the coarser, so that the gap
/// between two looks stays small beside their age. One thread.
class OffsetHistory {
public:
    explicit OffsetHistory(std::size_t capacity = 256) : m_capacity(capacity) {}

    /// A look at the log's end, the next offset to be written; not earlier than the last look. An end that went back
    /// (the topic was deleted and created anew) forgets all.
    void addEnd(WallTime at, Offset end);
    /// A message was read: it was written at `time` by its own account (its record's time, or the due time in its id).
    /// What that is off from the looks' clock is added to later answers.
    void addMessage(Offset offset, WallTime time);

    /// Nothing: the offset is older than the first look, or not written yet.
    std::optional<WrittenAt> writtenAt(Offset offset) const;

    std::size_t size() const { return m_looks.size(); }

private:
    /// The log ended at `end` from `first` to `last`.
    struct Look {
        Offset end;
        WallTime first, last;
    };
    std::optional<WrittenAt> between(Offset offset) const; ///< by the looks' clock
    void thin();

    std::size_t m_capacity;
    std::vector<Look> m_looks; // by end, each higher than the one before
    Nanoseconds m_ahead{};     // of the looks' clock, before the messages' own account
};

} // namespace core
