// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/result.h"
#include "core/target/topic_partition.h"
#include "core/units.h"

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace services {

/// What one message takes of the embedded broker's room at most: payload, key, headers, and the frame of a batch
/// of its own (61 bytes and the record's lengths). The broker counts compressed bytes, so this is on the safe side.
constexpr std::uint64_t messageSize(std::size_t payload, std::size_t key, std::size_t headerId) {
    constexpr std::uint64_t kFrame = 70;
    constexpr std::uint64_t kHeader = 20; // the header's name and lengths
    return payload + key + kFrame + (headerId > 0 ? headerId + kHeader : 0);
}

/// The embedded broker forgets a partition's oldest batches beyond 5 MiB (rdkafka_mock.c,
/// rd_kafka_mock_partition_init).
inline constexpr core::Bytes kEmbeddedPartitionRoom{5 * 1024 * 1024};
/// 70 % of it: the rest is for a batch that is stored in part, and for doubles the broker makes after a lost answer.
/// Its second limit of 100,000 batches needs no account: as each message takes 70 bytes of credit at least, no more
/// than 52,428 fit.
inline constexpr core::Bytes kPartitionCredit{kEmbeddedPartitionRoom.count * 7 / 10};

/// The bytes of one topic's partitions that are published but not stored yet. acquire() before the message goes out,
/// then exactly one of acked(), failed() and inDoubt() for it. Any thread.
class TopicCredit {
public:
    TopicCredit(int partitions, core::Bytes limit);

    /// False, and nothing taken, where the partition would run too far ahead. A message larger than the limit passes
    /// when it is alone.
    bool acquire(core::Partition partition, std::uint64_t bytes);
    /// The message lies at that offset: its bytes come back when stored() passes it.
    void acked(core::Partition partition, core::Offset offset, std::uint64_t bytes);
    /// acks=0: the message was sent, and nobody says where it lies: after all that is known.
    void ackedSomewhere(core::Partition partition, std::uint64_t bytes);
    /// The message is not in the log: its bytes come back at once.
    void failed(core::Partition partition, std::uint64_t bytes);
    /// The message may be in the log: its bytes come back with the last message known to be there.
    void inDoubt(core::Partition partition, std::uint64_t bytes);
    /// All messages before `next` are stored.
    void stored(core::Partition partition, core::Offset next);

    std::uint64_t inFlight(core::Partition partition) const;
    int partitions() const { return static_cast<int>(m_partitions.size()); }

    /// Counts returns of credit; read it before acquire(), so that no return is missed in between.
    std::uint64_t returns() const { return m_returns.load(std::memory_order_acquire); }
    /// Waits until credit has come back since `seen`, or `until`.
    void waitForReturn(std::uint64_t seen, core::Instant until);

private:
    struct PartitionState {
        mutable std::mutex mutex;
        std::uint64_t inFlight = 0;
        std::int64_t base = 0;           // offset of the first element
        std::deque<std::uint64_t> sizes; // by offset, of what is acked and not stored; 0: not known (yet)
    };
    PartitionState& at(core::Partition partition) { return *m_partitions[static_cast<std::size_t>(partition.id)]; }
    void returned();

    std::uint64_t m_limit;
    std::vector<std::unique_ptr<PartitionState>> m_partitions; // a mutex cannot move
    std::atomic<std::uint64_t> m_returns{0};
    std::atomic<int> m_waiting{0};
    std::mutex m_mutex;
    std::condition_variable m_changed;
};

/// K5: the credit of all topics of an embedded broker.
class PartitionCredit {
public:
    PartitionCredit(const std::vector<std::string>& topics, int partitions, core::Bytes limit = kPartitionCredit);

    /// Nothing for a topic of nobody's.
    TopicCredit* topic(const std::string& name);
    void stored(const core::TopicPartition& partition, core::Offset next);

private:
    std::map<std::string, TopicCredit> m_topics;
};

/// How many partitions an embedded topic gets: enough for 2 s of the peak rate, between 6 and 48, or `wanted`. Invalid,
/// with the figure, where not even 0.5 s of the peak rate would fit.
core::Result<int> partitionsFor(core::Rate peak, core::Bytes meanEvent, std::optional<int> wanted = std::nullopt);

} // namespace services
