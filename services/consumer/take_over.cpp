// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/consumer/take_over.h"

#include <fmt/format.h>

#include <algorithm>

namespace services {

namespace {

core::Result<core::Ownership> moveToStart(core::StoreSession& store, const ConsumerPorts& ports,
                                          const core::Ownership& owned) {
    const auto start = ports.startOf(owned.partition);
    if (!start) {
        return start.error();
    }
    return store.setPosition(owned, *start);
}

/// What was in the log before the run began and has expired is nobody's loss. What came later is left to the
/// subscriber, which counts it as a gap.
core::Result<core::Ownership> behindExpired(core::StoreSession& store, const ConsumerPorts& ports,
                                            const core::Ownership& owned, core::Offset first) {
    const auto begin = ports.beginOf ? ports.beginOf(owned.partition) : std::nullopt;
    if (!begin || *begin <= *owned.next) {
        return owned;
    }
    const core::Offset to = std::min(first, *begin);
    auto moved = store.setPosition(owned, to);
    if (moved) {
        ports.note(
            {.kind = core::MarkKind::Warning,
             .detail = fmt::format("{} messages of {}, partition {}, that were older than this run had expired "
                                   "unread",
                                   to.value - owned.next->value, owned.partition.topic, owned.partition.partition.id),
             .end = core::End::Broker});
    }
    return moved;
}

/// The ownership with a position that can be read from.
core::Result<core::Ownership> positioned(core::StoreSession& store, const ConsumerPorts& ports, bool resetOffsets,
                                         const core::Ownership& owned) {
    if (!owned.next) {
        return moveToStart(store, ports, owned);
    }
    if (!ports.bounds) {
        return owned;
    }
    const auto bounds = ports.bounds(owned.partition);
    if (!bounds) {
        return bounds.error();
    }
    if (*owned.next < bounds->first) {
        return behindExpired(store, ports, owned, bounds->first);
    }
    if (*owned.next <= bounds->second) {
        return owned;
    }
    if (resetOffsets) {
        return moveToStart(store, ports, owned);
    }
    return core::refused(
        fmt::format("The store stands at offset {} of {}, partition {}, but the log ends at {}: the topic "
                    "was created anew or this is another cluster; --reset-offsets starts it over",
                    owned.next->value, owned.partition.topic, owned.partition.partition.id, bounds->second.value));
}

} // namespace

core::Result<std::vector<core::Offset>> takeOver(core::StoreSession& store, const ConsumerPorts& ports,
                                                 bool resetOffsets, const std::vector<core::TopicPartition>& partitions,
                                                 AssignedPartitions& assigned) {
    std::vector<core::Offset> starts;
    if (partitions.empty()) {
        return starts;
    }
    const auto owned = store.own(partitions);
    if (!owned) {
        return owned.error();
    }
    for (const core::TopicPartition& partition : partitions) {
        const auto ours = std::find_if(owned->begin(), owned->end(),
                                       [&](const core::Ownership& each) { return each.partition == partition; });
        if (ours == owned->end()) {
            return core::fatal(
                fmt::format("The store did not hand over {}, partition {}", partition.topic, partition.partition.id));
        }
        const auto ready = positioned(store, ports, resetOffsets, *ours);
        if (!ready) {
            return ready.error();
        }
        const core::Offset next = ready->next.value_or(core::Offset{});
        const core::Offset once = ports.storedUpTo ? ports.storedUpTo(partition).value_or(next) : next;
        const bool reset = ours->next && next < *ours->next; // because the user asked for it
        if (reset && ports.positionReset) {
            ports.positionReset(partition, next);
        } else if (next < once) {
            ports.note(
                {.kind = core::MarkKind::Fault,
                 .detail = fmt::format("The store has gone back: it stands at offset {} of {}, partition {}, and "
                                       "had committed up to {}; what it has forgotten is stored again",
                                       next.value, partition.topic, partition.partition.id, once.value),
                 .end = core::End::Store});
            ports.storeWentBack();
        }
        assigned.add({.partition = partition,
                      .epoch = ready->epoch,
                      .stored = next,
                      .read = next,
                      .doubtedUntil = reset ? next : once});
        starts.push_back(next);
    }
    return starts;
}

} // namespace services
