// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/ports/store.h"

#include <cstdint>
#include <string_view>
#include <utility>
#include <vector>

namespace services {

/// A partition that this worker owns: what the store holds of it, and how far it has been read into the batch in hand.
struct AssignedPartition {
    core::TopicPartition partition;
    std::int64_t epoch = 0;
    core::Offset stored; ///< what the store holds
    core::Offset read;   ///< the next offset to be read: `stored`, or further by the batch in hand
    /// Where a store that has gone back was before: what lies below is known to filters, and may be gone.
    core::Offset doubtedUntil{};
};

/// The partitions of one worker. A few dozen at most.
class AssignedPartitions {
public:
    void add(AssignedPartition holding); ///< replaces what was known of that partition
    void remove(const std::vector<core::TopicPartition>& partitions);
    void clear();

    /// Nothing where the partition is not ours (any more).
    AssignedPartition* find(std::string_view topic, core::Partition partition);
    const std::vector<AssignedPartition>& all() const { return m_all; }
    bool doubted() const; ///< the store has not come to where it once was

    /// What the batch in hand moves; lives until the next call.
    const std::vector<core::OffsetAdvance>& advances();
    void stored(); ///< the batch in hand is committed
    void rewind(); ///< the batch in hand is dropped

private:
    std::vector<AssignedPartition> m_all;
    std::vector<core::OffsetAdvance> m_advances;
    std::size_t m_last = 0; // messages come in runs of one partition
};

} // namespace services
