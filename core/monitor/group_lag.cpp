// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/monitor/group_lag.h"

#include <algorithm>
#include <set>

namespace core {

namespace {

std::uint64_t countBetween(Offset from, Offset to) {
    return static_cast<std::uint64_t>(std::max<std::int64_t>(0, to.value - from.value));
}

/// From `position` on.
void addEstimate(PartitionLag& lag, Offset position, const LogState& log, WallTime now) {
    lag.events = countBetween(position, *log.end);
    if (*lag.events == 0) {
        lag.seconds = 0;
    } else if (const auto written = log.history.writtenAt(position)) {
        lag.seconds = std::max(0.0, secondsOf(now - written->time));
        lag.secondsBound = secondsOf(written->bound);
    }
}

/// `read` began at the group's position.
void addRead(PartitionLag& lag, const ReadAhead& read, const LogState& log, WallTime now) {
    if (!read.first) { // up to read.end there is no message
        addEstimate(lag, std::min(read.end, *log.end), log, now);
        if (*lag.events == 0) {
            lag.note = LagNote::NothingWaits;
        }
        return;
    }
    lag.events = countBetween(*read.first, *log.end);
    if (read.due) {
        lag.seconds = std::max(0.0, secondsOf(now - *read.due));
    }
}

std::set<TopicPartition> partitionsOf(const GroupView& group, const Commits& commits, const LogStates& logs) {
    std::set<TopicPartition> all;
    for (const auto& [partition, offset] : commits) {
        if (!all.insert(partition).second) {
            continue;
        }
        for (auto log = logs.lower_bound({partition.topic, {0}});
             log != logs.end() && log->first.topic == partition.topic; ++log) {
            all.insert(log->first);
        }
    }
    for (const MemberView& member : group.members) {
        all.insert(member.partitions.begin(), member.partitions.end());
    }
    return all;
}

void addUp(GroupView& group) {
    group.events.reset();
    group.seconds = 0;
    group.unknown = 0;
    for (const PartitionLag& each : group.partitions) {
        if (each.events) {
            group.events = group.events.value_or(0) + *each.events;
        } else {
            ++group.unknown;
        }
        if (each.events && !each.seconds) {
            group.seconds.reset();
        } else if (group.seconds && each.seconds) {
            group.seconds = std::max(*group.seconds, *each.seconds);
        }
    }
    if (!group.events) {
        group.seconds.reset();
    }
}

} // namespace

PartitionLag partitionLag(const TopicPartition& partition, std::optional<Offset> committed, const LogState* log,
                          const ReadAhead* read, WallTime now) {
    PartitionLag lag{.partition = partition, .committed = committed};
    if (log == nullptr || !log->end) {
        lag.note = LagNote::EndUnknown;
        return lag;
    }
    lag.end = log->end;
    if (!committed) {
        lag.note = LagNote::NoCommit;
        return lag;
    }
    if (*committed > *log->end) {
        lag.note = LagNote::BeyondEnd;
        return lag;
    }
    const Offset position = std::max(*committed, log->begin.value_or(*committed));
    if (*committed < position) {
        lag.note = LagNote::Expired;
    }
    if (read != nullptr && read->position == position && position < *log->end) {
        addRead(lag, *read, *log, now);
    } else {
        addEstimate(lag, position, *log, now);
    }
    if (lag.note == LagNote::None && log->hasGaps && lag.events.value_or(0) > 0) {
        lag.note = LagNote::AtMost;
    }
    return lag;
}

void measureLag(GroupView& group, const Commits& commits, const LogStates& logs, const ReadAheads& reads,
                WallTime now) {
    group.partitions.clear();
    std::map<TopicPartition, std::size_t> holders;
    for (std::size_t i = 0; i < group.members.size(); ++i) {
        for (const TopicPartition& each : group.members[i].partitions) {
            holders[each] = i;
        }
    }
    for (const TopicPartition& each : partitionsOf(group, commits, logs)) {
        const auto commit = commits.find(each);
        const auto log = logs.find(each);
        const auto read = reads.find(each);
        PartitionLag lag = partitionLag(each, commit == commits.end() ? std::nullopt : std::optional(commit->second),
                                        log == logs.end() ? nullptr : &log->second,
                                        read == reads.end() ? nullptr : &read->second, now);
        if (const auto holder = holders.find(each); holder != holders.end()) {
            lag.member = holder->second;
        }
        group.partitions.push_back(std::move(lag));
    }
    addUp(group);
}

} // namespace core
