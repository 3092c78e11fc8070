// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/consumer/holdings.h"

#include <algorithm>

namespace services {

void Holdings::add(Holding holding) {
    if (Holding* const known = find(holding.partition.topic, holding.partition.partition)) {
        *known = std::move(holding);
    } else {
        m_all.push_back(std::move(holding));
    }
}

void Holdings::remove(const std::vector<core::TopicPartition>& partitions) {
    std::erase_if(m_all, [&](const Holding& holding) {
        return std::find(partitions.begin(), partitions.end(), holding.partition) != partitions.end();
    });
}

void Holdings::clear() {
    m_all.clear();
}

Holding* Holdings::find(std::string_view topic, core::Partition partition) {
    const auto matches = [&](const Holding& holding) {
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

const std::vector<core::OffsetAdvance>& Holdings::advances() {
    m_advances.clear();
    for (const Holding& holding : m_all) {
        if (holding.read != holding.stored) {
            m_advances.push_back({holding.partition, holding.epoch, holding.stored, holding.read});
        }
    }
    return m_advances;
}

void Holdings::stored() {
    for (Holding& holding : m_all) {
        holding.stored = holding.read;
    }
}

void Holdings::rewind() {
    for (Holding& holding : m_all) {
        holding.read = holding.stored;
    }
}

} // namespace services
