// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/producer/delivery_slots.h"

#include <numeric>
#include <utility>

namespace services {

DeliverySlots::DeliverySlots(std::uint32_t capacity) : m_slots(capacity), m_free(capacity), m_written(capacity) {
    std::iota(m_free.begin(), m_free.end(), 0U);
}

std::optional<std::uint32_t> DeliverySlots::acquire() {
    if (m_untaken) {
        return std::exchange(m_untaken, std::nullopt);
    }
    if (m_read == m_written.load(std::memory_order_acquire)) {
        return std::nullopt;
    }
    return m_free[m_read++ % m_free.size()];
}

void DeliverySlots::giveBack(std::uint32_t slot) {
    m_untaken = slot;
}

void DeliverySlots::release(std::uint32_t slot) {
    const std::uint64_t written = m_written.load(std::memory_order_relaxed);
    m_free[written % m_free.size()] = slot;
    m_written.store(written + 1, std::memory_order_release);
}

std::vector<std::uint32_t> DeliverySlots::inFlight() const {
    std::vector<bool> taken(m_free.size(), true);
    for (std::uint64_t at = m_read; at != m_written.load(std::memory_order_acquire); ++at) {
        taken[m_free[at % m_free.size()]] = false;
    }
    if (m_untaken) {
        taken[*m_untaken] = false;
    }
    std::vector<std::uint32_t> slots;
    for (std::uint32_t slot = 0; slot < taken.size(); ++slot) {
        if (taken[slot]) {
            slots.push_back(slot);
        }
    }
    return slots;
}

} // namespace services
