// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/producer/send_delays.h"

#include <algorithm>
#include <bit>

namespace services {

SendDelays::SendDelays(std::size_t capacity)
    : m_mask(std::bit_ceil(std::max<std::size_t>(capacity, 2)) - 1),
      m_entries(std::make_unique<std::atomic<std::uint64_t>[]>(m_mask + 1)) {}

void SendDelays::record(std::uint64_t sequence, core::Nanoseconds delay) {
    const auto micros = std::clamp<std::int64_t>(delay.count() / 1'000, 0, static_cast<std::int64_t>(kHalf));
    const std::uint64_t entry = ((sequence + 1) & kHalf) << 32U | static_cast<std::uint64_t>(micros);
    m_entries[sequence & m_mask].store(entry, std::memory_order_relaxed);
}

std::optional<core::Nanoseconds> SendDelays::find(std::uint64_t sequence) const {
    const std::uint64_t entry = m_entries[sequence & m_mask].load(std::memory_order_relaxed);
    if (entry >> 32U != ((sequence + 1) & kHalf)) {
        return std::nullopt;
    }
    return std::chrono::microseconds(entry & kHalf);
}

} // namespace services
