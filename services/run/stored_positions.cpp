// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/run/stored_positions.h"

#include <algorithm>

namespace services {

void StoredPositions::stored(const core::TopicPartition& partition, core::Offset next) {
    const std::lock_guard lock(m_mutex);
    core::Offset& known = m_next[partition];
    known = std::max(known, next);
    core::Offset& highest = m_highest[partition];
    highest = std::max(highest, next);
}

void StoredPositions::wentBack(const core::TopicPartition& partition, core::Offset next) {
    const std::lock_guard lock(m_mutex);
    m_next[partition] = next;
}

void StoredPositions::restart(const core::TopicPartition& partition, core::Offset next) {
    const std::lock_guard lock(m_mutex);
    m_next[partition] = next;
    m_highest[partition] = next;
}

std::optional<core::Offset> StoredPositions::highest(const core::TopicPartition& partition) const {
    const std::lock_guard lock(m_mutex);
    const auto found = m_highest.find(partition);
    return found == m_highest.end() ? std::nullopt : std::optional(found->second);
}

void StoredPositions::expect(const core::TopicPartition& partition, core::Offset start, core::Offset end) {
    const std::lock_guard lock(m_mutex);
    m_end[partition] = end;
    core::Offset& known = m_next[partition];
    known = std::max(known, start);
}

std::uint64_t StoredPositions::missing() const {
    const std::lock_guard lock(m_mutex);
    std::uint64_t missing = 0;
    for (const auto& [partition, end] : m_end) {
        const core::Offset next = m_next.at(partition);
        if (next < end) {
            missing += static_cast<std::uint64_t>(end.value - next.value);
        }
    }
    return missing;
}

std::vector<std::pair<core::TopicPartition, core::Offset>> StoredPositions::all() const {
    const std::lock_guard lock(m_mutex);
    return {m_next.begin(), m_next.end()};
}

} // namespace services
