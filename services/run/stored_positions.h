// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/target/topic_partition.h"

#include <map>
#include <mutex>
#include <optional>
#include <utility>
#include <vector>

namespace services {

/// How far each partition is stored, and how far it should be. Any thread.
class StoredPositions {
public:
    void stored(const core::TopicPartition& partition, core::Offset next);
    /// The store has forgotten what lies beyond.
    void wentBack(const core::TopicPartition& partition, core::Offset next);
    void restart(const core::TopicPartition& partition, core::Offset next); ///< on purpose: nothing was ever beyond
    /// The highest that was ever stored; nothing: nothing was.
    std::optional<core::Offset> highest(const core::TopicPartition& partition) const;
    /// The partition's log ends at `end`; a partition that nothing was stored of stands at `start`.
    void expect(const core::TopicPartition& partition, core::Offset start, core::Offset end);

    /// Messages expected and not stored, summed; 0 before anything is expected.
    std::uint64_t missing() const;
    std::vector<std::pair<core::TopicPartition, core::Offset>> all() const;

private:
    mutable std::mutex m_mutex;
    std::map<core::TopicPartition, core::Offset> m_next;
    std::map<core::TopicPartition, core::Offset> m_end;
    std::map<core::TopicPartition, core::Offset> m_highest;
};

} // namespace services
