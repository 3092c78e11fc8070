// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/event/event_id.h"

#include <cstdint>
#include <string_view>
#include <vector>

namespace services {

/// Notices events that are stored after a later event of the same key and stream. The memory is bounded: of two keys
/// that share an entry the later one evicts the other, so some reorderings may go unseen, but none is invented.
class KeyOrder {
public:
    KeyOrder();

    /// True if an event of this key and stream with a higher sequence was stored before. `keyHash` 0: never.
    bool storedLate(std::uint64_t keyHash, std::uint8_t stream, std::uint64_t sequence);

    /// 0 where the key says nothing about order: there is none, or it is the event's own id and so never repeats.
    static std::uint64_t hashOf(std::string_view key, const core::EventId& id);

    static constexpr std::size_t kEntries = 65'536;

private:
    struct Entry {
        std::uint64_t tag = 0; // hash of key and stream; 0: free
        std::uint64_t highest = 0;
    };
    std::vector<Entry> m_entries;
};

} // namespace services
