// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/browse/message_merge.h"

#include <algorithm>
#include <numeric>
#include <utility>

namespace core {

std::size_t TopicMessage::bytes() const {
    const std::size_t fixed =
        sizeof(TopicMessage) + topic.size() + (key ? key->size() : 0) + (payload ? payload->size() : 0);
    return std::accumulate(headers.begin(), headers.end(), fixed, [](std::size_t sum, const MessageHeader& header) {
        return sum + sizeof(MessageHeader) + header.name.size() + (header.value ? header.value->size() : 0);
    });
}

void MessageMerge::add(TopicMessage message) {
    m_bytes += message.bytes();
    ++m_count;
    m_partitions[message.partition].push_back(std::move(message));
}

TopicMessage MessageMerge::popOldest() {
    return pop(std::ranges::min_element(m_partitions, {}, [](const auto& each) { return each.second.front().time; }),
               true);
}

TopicMessage MessageMerge::popNewest() {
    // Of equals the last, so that both ways yield one order.
    auto newest = m_partitions.begin();
    for (auto at = m_partitions.begin(); at != m_partitions.end(); ++at) {
        newest = at->second.back().time >= newest->second.back().time ? at : newest;
    }
    return pop(newest, false);
}

TopicMessage MessageMerge::pop(std::map<Partition, std::deque<TopicMessage>>::iterator from, bool front) {
    std::deque<TopicMessage>& messages = from->second;
    TopicMessage message = std::move(front ? messages.front() : messages.back());
    if (front) {
        messages.pop_front();
    } else {
        messages.pop_back();
    }
    if (messages.empty()) {
        m_partitions.erase(from);
    }
    m_bytes -= message.bytes();
    --m_count;
    return message;
}

} // namespace core
