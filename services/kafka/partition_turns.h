// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <atomic>
#include <cstdint>

struct rd_kafka_topic_s;

namespace services {

/// To which partition a client's events go that may go to any: all to one for a turn, then all to the next that has a
/// leader. The sending thread says when a turn is over; whoever chooses a partition for librdkafka asks where it goes.
class PartitionTurns {
public:
    /// `first` differs from client to client, so that they do not go round in step.
    explicit PartitionTurns(std::uint32_t first) : m_first(first) {}

    void next();
    /// There has been a next().
    bool on() const { return m_turn.load(std::memory_order_relaxed) != 0; }
    /// Within a partitioner only, one at a time.
    std::int32_t partition(const rd_kafka_topic_s& topic, std::int32_t partitions);

private:
    std::uint32_t m_first;
    std::atomic<std::uint32_t> m_turn{0};
    std::atomic<std::uint64_t> m_chosen{0}; // of a turn: its number << 32 | partition + 1
};

} // namespace services
