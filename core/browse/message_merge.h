// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/browse/topic_message.h"

#include <cstddef>
#include <deque>
#include <map>

namespace core {

/// Messages of several partitions, merged by time. Within a partition their order is that of the offsets, whatever
/// clocks their producers had, so that what is popped from either end leaves no holes.
class MessageMerge {
public:
    void add(TopicMessage message); ///< of each partition in the order of its offsets
    bool isEmpty() const { return m_count == 0; }
    std::size_t count() const { return m_count; }
    std::size_t bytes() const { return m_bytes; }
    TopicMessage popOldest(); ///< there is one
    TopicMessage popNewest(); ///< there is one

private:
    TopicMessage pop(std::map<Partition, std::deque<TopicMessage>>::iterator from, bool front);

    std::map<Partition, std::deque<TopicMessage>> m_partitions; // none is empty
    std::size_t m_count = 0;
    std::size_t m_bytes = 0;
};

} // namespace core
