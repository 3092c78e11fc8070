// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/event/event_id.h"

#include <cstdint>
#include <span>
#include <vector>

namespace services {

/// The ids of one batch, to find doubles in it. Emptied in no time, and never allocates after construction.
class IdSet {
public:
    explicit IdSet(std::uint32_t capacity);

    bool insert(const core::EventId& id); ///< false if it was there. At most `capacity` ids.
    void clear();
    std::span<const core::EventId> ids() const { return m_ids; } ///< in the order of insertion

private:
    struct Slot {
        std::uint32_t round = 0; // in use if it is the present round: clear() need not touch the table
        std::uint32_t index = 0;
    };
    std::vector<core::EventId> m_ids;
    std::vector<Slot> m_slots; // a power of two, at most half full; linear probing
    std::uint32_t m_round = 1;
};

} // namespace services
