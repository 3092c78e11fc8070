// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/consumer/id_set.h"

#include <algorithm>
#include <bit>
#include <cassert>
#include <cstring>

namespace services {

namespace {

std::size_t hashOf(const core::EventId& id) {
    std::uint64_t high = 0;
    std::uint64_t low = 0;
    std::memcpy(&high, id.bytes.data(), sizeof high);
    std::memcpy(&low, id.bytes.data() + sizeof high, sizeof low);
    // Ids of ours differ in the last bytes of each half (time and sequence); the multiplications spread them upwards
    // and the shift brings them back down.
    const std::uint64_t mixed = (high ^ (low * 0x9e3779b97f4a7c15ULL)) * 0xbf58476d1ce4e5b9ULL;
    return static_cast<std::size_t>(mixed ^ (mixed >> 32U));
}

} // namespace

IdSet::IdSet(std::uint32_t capacity) : m_slots(std::bit_ceil(std::size_t{capacity} * 2)) {
    m_ids.reserve(capacity);
}

bool IdSet::insert(const core::EventId& id) {
    assert(m_ids.size() * 2 <= m_slots.size());
    const std::size_t mask = m_slots.size() - 1;
    std::size_t at = hashOf(id) & mask;
    while (m_slots[at].round == m_round) {
        if (m_ids[m_slots[at].index] == id) {
            return false;
        }
        at = (at + 1) & mask;
    }
    m_slots[at] = {m_round, static_cast<std::uint32_t>(m_ids.size())};
    m_ids.push_back(id);
    return true;
}

void IdSet::clear() {
    m_ids.clear();
    if (++m_round == 0) {
        std::fill(m_slots.begin(), m_slots.end(), Slot{});
        m_round = 1;
    }
}

} // namespace services
