// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/measure/mark.h"
#include "core/ports/broker.h"
#include "core/ports/filter.h"
#include "core/ports/store.h"
#include "core/scenario/scenario.h"

#include <functional>
#include <memory>
#include <span>
#include <stop_token>
#include <string>
#include <utility>
#include <vector>

namespace services {

/// A dead letter that its topic will never take.
struct RefusedLetter {
    std::size_t index = 0; ///< in what was to be sent
    std::string reason;    ///< the broker's
};

/// What a consumer needs of the outside. The makers are called on the worker's thread, again after a fault.
struct ConsumerPorts {
    std::function<core::Result<std::unique_ptr<core::Subscriber>>(core::AssignmentListener&)> subscribe;
    std::function<core::Result<std::unique_ptr<core::StoreSession>>(std::stop_token)> openStore;
    /// `storeTag`: as core::StoreSession::tag().
    std::function<std::unique_ptr<core::DuplicateFilter>(const std::string& storeTag)> openFilter;
    /// Where a partition starts that the store does not know.
    std::function<core::Result<core::Offset>(const core::TopicPartition&)> startOf;
    /// First and next-to-be-written offset of a partition, to refuse a stored position beyond the log's end.
    std::function<core::Result<std::pair<core::Offset, core::Offset>>(const core::TopicPartition&)> bounds;
    /// Sends to the dead-letter topic and waits for the acknowledgement; answers which it will never take, for the
    /// store. Empty: all dead letters go to the store.
    std::function<core::Result<std::vector<RefusedLetter>>(std::span<const core::DeadLetter>)> deadLetterTopic;
    /// Called after each commit with how far a partition is stored (credit of the embedded broker); may be empty.
    std::function<void(const core::TopicPartition&, core::Offset next)> positionStored;
    /// The highest position of a partition that this process knows to be stored; nothing: none.
    std::function<std::optional<core::Offset>(const core::TopicPartition&)> storedUpTo;
    /// The store holds less of a partition than this process has seen committed: it has gone back.
    std::function<void(const core::TopicPartition&, core::Offset next)> storeWentBack;
    /// The user had the position moved back.
    std::function<void(const core::TopicPartition&, core::Offset next)> positionReset;
    /// What this process has counted of a dropped batch may differ from what the store holds: the store decides.
    std::function<void()> unresolved;
    /// For the time line: Rebalance, Fault, Recovery, Warning; without an instant and a name. Any thread.
    std::function<void(core::Mark)> note;
    std::function<core::Instant()> now;
    std::function<core::WallTime()> wallNow;
};

struct ConsumerOptions {
    core::ConsumerSettings settings;
    std::uint32_t batch = 5'000; ///< of this worker's tier
    core::ClockPair clocks;      ///< of the run
    core::RunIdentity run;
    bool criticalTier = false; ///< never skips on the filter's word alone
    bool resetOffsets = false; ///< --reset-offsets: a stored position beyond the log's end moves to startOf
};

} // namespace services
