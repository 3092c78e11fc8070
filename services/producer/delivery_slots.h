// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/units.h"

#include <atomic>
#include <cstdint>
#include <optional>
#include <vector>

namespace services {

/// What is remembered of an event between its handing over and its delivery report.
struct DeliverySlot {
    std::uint64_t sequence = 0;
    core::Instant due;
    core::Instant sent;
};

/// A fixed pool of slots: the stream's thread takes, the report thread gives back. The free list is a ring with one
/// writer and one reader, so neither waits for the other.
class DeliverySlots {
public:
    explicit DeliverySlots(std::uint32_t capacity);

    /// Sending thread: a free slot's number; nothing when all are in flight.
    std::optional<std::uint32_t> acquire();
    /// Sending thread: gives back a slot whose event was not accepted.
    void giveBack(std::uint32_t slot);
    /// Report thread.
    void release(std::uint32_t slot);

    /// The slots whose event was accepted and not released, for when both threads are done with it.
    std::vector<std::uint32_t> inFlight() const;

    DeliverySlot& operator[](std::uint32_t slot) { return m_slots[slot]; }

private:
    std::vector<DeliverySlot> m_slots;
    std::vector<std::uint32_t> m_free; // ring of capacity entries: never more slots than places
    std::optional<std::uint32_t> m_untaken;
    std::uint64_t m_read = 0; // sending thread
    alignas(64) std::atomic<std::uint64_t> m_written;
};

} // namespace services
