// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/consumer/assigned_partitions.h"

#include <algorithm>

namespace services {

void AssignedPartitions::add(AssignedPartition holding) {
    if (AssignedPartition* const known = find(holding.partition.topic, holding.partition.partition)) {
        *known = std::move(holding);
    } else {
        m_all.push_back(std::move(holding));
    }
}

void AssignedPartitions::remove(const std::vector<core::TopicPartition>& partitions) {
    std::erase_if(m_all, [&](const AssignedPartition& holding) {
        return std::find(partitions.begin(), partitions.end(), holding.partition) != partitions.end();
    });
}

void AssignedPartitions::clear() {
    m_all.clear();
}

AssignedPartition* AssignedPartitions::find(std::string_view topic, core::Partition partition) {
    const auto matches = [&](const AssignedPartition& holding) {
        return holding.partition.partition == partition && holding.partition.topic == topic;
    };
    if (m_last < m_all.size() && matches(m_all[m_last])) {
        return &m_all[m_last];
    }
    const auto found = std::find_if(m_all.begin(), m_all.end(), matches);
    if (found == m_all.end()) {
        return nullptr;
    }
    m_last = static_cast<std::size_t>(found - m_all.begin());
    return &*found;
}

bool AssignedPartitions::doubted() const {
    return std::ranges::any_of(m_all, [](const AssignedPartition& each) { return each.stored < each.doubtedUntil; });
}

const std::vector<core::OffsetAdvance>& AssignedPartitions::advances() {
    m_advances.clear();
    for (const AssignedPartition& holding : m_all) {
        if (holding.read != holding.stored) {
            m_advances.push_back({holding.partition, holding.epoch, holding.stored, holding.read});
        }
    }
    return m_advances;
}

void AssignedPartitions::stored() {
    for (AssignedPartition& holding : m_all) {
        holding.stored = holding.read;
    }
}

void AssignedPartitions::rewind() {
    for (AssignedPartition& holding : m_all) {
        holding.read = holding.stored;
    }
}

} // namespace services
