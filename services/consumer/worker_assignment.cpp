// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/consumer/take_over.h"
#include "services/consumer/worker_state.h"

namespace services {

namespace {

/// How long the store may keep an assignment waiting: well below max.poll.interval, since nothing is polled meanwhile.
constexpr core::Nanoseconds kTakeOverLimit = std::chrono::seconds(60);

} // namespace

core::Result<std::vector<core::Offset>>
ConsumerWorker::State::assigned(const std::vector<core::TopicPartition>& partitions) {
    const core::Instant limit = ports.now() + kTakeOverLimit;
    BackOff backOff;
    for (;;) {
        auto starts = takeOver(*store, ports, options.resetOffsets, partitions, held);
        if (starts) {
            setTrouble({});
            joined.store(true, std::memory_order_release);
            note({.kind = core::MarkKind::Rebalance,
                  .change = core::PartitionChange::Assigned,
                  .partitions = partitions.size()});
            return starts;
        }
        const core::Error& error = starts.error();
        if (error.kind != core::ErrorKind::Transient) {
            failure = error;
            return error;
        }
        setTrouble(error.message);
        if (stop.stop_requested() || ports.now() >= limit) {
            rejoin = true;
            return error;
        }
        wait(backOff.next());
    }
}

void ConsumerWorker::State::revoked(const std::vector<core::TopicPartition>& partitions, bool lost) {
    note({.kind = core::MarkKind::Rebalance,
          .change = lost ? core::PartitionChange::Lost : core::PartitionChange::Revoked,
          .partitions = partitions.size()});
    const bool rejoining = rejoin;
    bool dropped = false;
    if (!batch.empty() && lost) {
        dropped = abandonBatch("its partitions were lost");
    } else if (!batch.empty()) {
        dropped = !finishBatch(options.settings.sessionTimeout / 2);
    }
    held.remove(partitions);
    // Being fenced of partitions that go anyway is no reason to leave the group.
    rejoin = rejoining || (rejoin && !held.all().empty());
    if (!dropped || over()) {
        return;
    }
    // What stays with us (cooperative assignors only) is read again from where the store stands.
    for (const AssignedPartition& holding : held.all()) {
        subscriber->seek(holding.partition, holding.stored);
    }
}

} // namespace services
