// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/kafka/subscriber_positions.h"

#include <algorithm>
#include <cassert>

namespace services {

void SubscriberPositions::assign(const std::vector<core::TopicPartition>& partitions,
                                 const std::vector<core::Offset>& starts) {
    assert(partitions.size() == starts.size());
    clear();
    for (std::size_t i = 0; i < partitions.size(); ++i) {
        m_all.push_back({partitions[i], starts[i], nullptr});
    }
}

void SubscriberPositions::remove(const std::vector<core::TopicPartition>& partitions) {
    std::erase_if(m_all, [&](const Position& position) {
        return std::ranges::find(partitions, position.partition) != partitions.end();
    });
    m_last = 0;
}

void SubscriberPositions::clear() {
    m_all.clear();
    m_last = 0;
}

SubscriberPositions::Position* SubscriberPositions::find(std::string_view topic, core::Partition partition) {
    const auto found = std::ranges::find_if(m_all, [&](const Position& position) {
        return position.partition.partition == partition && position.partition.topic == topic;
    });
    return found == m_all.end() ? nullptr : &*found;
}

SubscriberPositions::Position* SubscriberPositions::findQuickly(const void* topicHandle, std::string_view topic,
                                                                core::Partition partition) {
    const auto matches = [&](const Position& position) {
        return position.topic == topicHandle && position.partition.partition == partition;
    };
    if (m_last < m_all.size() && matches(m_all[m_last])) {
        return &m_all[m_last];
    }
    auto found = std::ranges::find_if(m_all, matches);
    if (found == m_all.end()) {
        auto* position = find(topic, partition);
        if (!position) {
            return nullptr;
        }
        position->topic = topicHandle;
        found = m_all.begin() + (position - m_all.data());
    }
    m_last = static_cast<std::size_t>(found - m_all.begin());
    return &*found;
}

SubscriberPositions::Admission SubscriberPositions::admit(const void* topicHandle, std::string_view topic,
                                                          core::Partition partition, core::Offset offset) {
    auto* position = findQuickly(topicHandle, topic, partition);
    if (!position || offset < position->next) {
        return {};
    }
    const auto skipped = position->next.value < 0 ? 0 : offset.value - position->next.value;
    position->next.value = offset.value + 1;
    return {Verdict::Next, static_cast<std::uint64_t>(skipped)};
}

} // namespace services
