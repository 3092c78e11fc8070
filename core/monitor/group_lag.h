// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/monitor/cluster_view.h"
#include "core/monitor/offset_history.h"

#include <map>
#include <optional>

/// How far a consumer group is behind, from what a monitor knows of the logs.
namespace core {

/// What is known of a partition's log.
struct LogState {
    std::optional<Offset> begin{}; ///< the first that is kept
    std::optional<Offset> end{};   ///< the next to be written
    OffsetHistory history{};
    bool hasGaps = false; ///< offsets are more than messages: it is compacted, or holds transaction markers
};
using LogStates = std::map<TopicPartition, LogState>;

/// What was found on reading on from a group's position.
struct ReadAhead {
    Offset position;               ///< where the group stood
    Offset end;                    ///< where the log ended
    std::optional<Offset> first{}; ///< the first message there; nothing: none up to `end`
    std::optional<WallTime> due{}; ///< of that message (messageDue()); nothing: it has no time
};
using ReadAheads = std::map<TopicPartition, ReadAhead>;
using Commits = std::map<TopicPartition, Offset>;

/// `now`: when the log's end was asked for. A read-ahead of another position is left out.
PartitionLag partitionLag(const TopicPartition& partition, std::optional<Offset> committed, const LogState* log,
                          const ReadAhead* read, WallTime now);

/// Fills the group's partitions and their sums: those it has committed in, the others of the same topics, and those its
/// members hold.
void measureLag(GroupView& group, const Commits& commits, const LogStates& logs, const ReadAheads& reads, WallTime now);

} // namespace core
