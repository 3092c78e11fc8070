// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/run/stored_positions.h"

#include <algorithm>

namespace services {

namespace {

std::uint64_t between(core::Offset from, core::Offset to) {
    return from < to ? static_cast<std::uint64_t>(to.value - from.value) : 0;
}

} // namespace

std::uint64_t StoredPositions::Standing::older() const {
    return next.value < 0 ? 0 : between(std::max(first, next), start);
}

std::uint64_t StoredPositions::Standing::missing() const {
    return between(another ? first : std::max({first, next, start}), end);
}

void StoredPositions::begin(const core::TopicPartition& partition, core::Offset first, core::Offset start) {
    const std::lock_guard lock(m_mutex);
    Standing& standing = m_standings[partition];
    standing.first = first;
    standing.start = start;
}

void StoredPositions::taken(const core::TopicPartition& partition, core::Offset next, const std::string& owner) {
    const std::lock_guard lock(m_mutex);
    Standing& standing = m_standings[partition];
    standing.next = next; // even if it is lower: the store has the last word
    standing.owner = owner;
    standing.taken = true;
}

void StoredPositions::givenBack(const core::TopicPartition& partition, const std::string& owner) {
    const std::lock_guard lock(m_mutex);
    const auto found = m_standings.find(partition);
    if (found != m_standings.end() && found->second.owner == owner) { // else another has taken it meanwhile
        found->second.owner.clear();
    }
}

void StoredPositions::stored(const core::TopicPartition& partition, core::Offset next) {
    const std::lock_guard lock(m_mutex);
    core::Offset& known = m_standings[partition].next;
    known = std::max(known, next);
}

void StoredPositions::committed(const core::TopicPartition& partition, core::Offset next) {
    const std::lock_guard lock(m_mutex);
    core::Offset& known = m_standings[partition].committed;
    known = std::max(known, next);
}

void StoredPositions::restarted(const core::TopicPartition& partition, core::Offset next) {
    const std::lock_guard lock(m_mutex);
    m_standings[partition].committed = next;
}

std::optional<core::Offset> StoredPositions::committed(const core::TopicPartition& partition) const {
    const std::lock_guard lock(m_mutex);
    const auto found = m_standings.find(partition);
    return found == m_standings.end() || found->second.committed.value < 0 ? std::nullopt
                                                                           : std::optional(found->second.committed);
}

void StoredPositions::expect(const core::TopicPartition& partition, core::Offset first, core::Offset end,
                             bool another) {
    const std::lock_guard lock(m_mutex);
    Standing& standing = m_standings[partition];
    standing.first = first;
    standing.end = end;
    standing.another = another;
}

bool StoredPositions::owned() const {
    const std::lock_guard lock(m_mutex);
    return std::ranges::all_of(
        m_standings, [](const auto& each) { return each.second.start.value < 0 || !each.second.owner.empty(); });
}

std::map<std::string, std::uint64_t> StoredPositions::older() const {
    const std::lock_guard lock(m_mutex);
    std::map<std::string, std::uint64_t> older;
    for (const auto& [partition, standing] : m_standings) {
        if (const std::uint64_t count = standing.older(); count > 0) {
            older[partition.topic] += count;
        }
    }
    return older;
}

std::uint64_t StoredPositions::missing() const {
    const std::lock_guard lock(m_mutex);
    std::uint64_t missing = 0;
    for (const auto& [partition, standing] : m_standings) {
        missing += standing.missing();
    }
    return missing;
}

StoredPositions::Standings StoredPositions::standings() const {
    const std::lock_guard lock(m_mutex);
    return m_standings;
}

std::vector<std::pair<core::TopicPartition, core::Offset>> StoredPositions::all() const {
    const std::lock_guard lock(m_mutex);
    std::vector<std::pair<core::TopicPartition, core::Offset>> known;
    for (const auto& [partition, standing] : m_standings) {
        if (standing.next.value >= 0) {
            known.emplace_back(partition, standing.next);
        }
    }
    return known;
}

} // namespace services
