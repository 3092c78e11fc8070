// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/target/topic_partition.h"

#include <cstdint>
#include <string_view>
#include <vector>

namespace services {

/// A subscriber's present assignment, and which message of each partition must come next. librdkafka may hand out
/// messages of an assignment or a place that is past: admit() tells them apart. A few dozen partitions at most.
class SubscriberPositions {
public:
    struct Position {
        core::TopicPartition partition;
        core::Offset next;           ///< negative: not known yet
        const void* topic = nullptr; ///< librdkafka's handle, once seen: quicker to compare than the name
    };
    enum class Verdict {
        Next,  ///< hand it out; the position has moved behind it
        Stale, ///< of another assignment, or handed out before
    };
    struct Admission {
        Verdict verdict = Verdict::Stale;
        std::uint64_t skipped = 0; ///< offsets between the expected message and this one
    };

    void assign(const std::vector<core::TopicPartition>& partitions, const std::vector<core::Offset>& starts);
    void remove(const std::vector<core::TopicPartition>& partitions);
    void clear();

    Admission admit(const void* topicHandle, std::string_view topic, core::Partition partition, core::Offset offset);
    Position* find(std::string_view topic, core::Partition partition);
    const std::vector<Position>& all() const { return m_all; }

private:
    Position* findQuickly(const void* topicHandle, std::string_view topic, core::Partition partition);

    std::vector<Position> m_all;
    std::size_t m_last = 0; // messages come in runs of one partition
};

} // namespace services
