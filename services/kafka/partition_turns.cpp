// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/kafka/partition_turns.h"

#include <librdkafka/rdkafka.h>

#include <algorithm>

namespace services {

void PartitionTurns::next() {
    m_turn.store(std::max(m_turn.load(std::memory_order_relaxed) + 1, 1U), std::memory_order_relaxed);
}

std::int32_t PartitionTurns::partition(const rd_kafka_topic_s& topic, std::int32_t partitions) {
    const std::uint32_t turn = m_turn.load(std::memory_order_relaxed);
    const std::uint64_t chosen = m_chosen.load(std::memory_order_relaxed);
    const auto former = static_cast<std::int32_t>(chosen & 0xffff'ffffU) - 1;
    if (chosen >> 32U == turn && former >= 0 && former < partitions) {
        return former;
    }
    const auto count = static_cast<std::uint32_t>(partitions);
    const std::uint32_t first = m_first + turn;
    auto partition = static_cast<std::int32_t>(first % count);
    for (std::uint32_t tried = 0; tried < count; ++tried) {
        const auto candidate = static_cast<std::int32_t>((first + tried) % count);
        if (rd_kafka_topic_partition_available(&topic, candidate) != 0) {
            partition = candidate;
            break;
        }
    }
    m_chosen.store(std::uint64_t{turn} << 32U | static_cast<std::uint64_t>(partition + 1), std::memory_order_relaxed);
    return partition;
}

} // namespace services
