// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/measure/mark.h"
#include "core/ports/broker.h"
#include "core/ports/filter.h"
#include "core/ports/store.h"
#include "core/scenario/scenario.h"

#include <functional>
#include <memory>
#include <optional>
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
    /// Where a partition's log ended when the run began, if that is known; may be empty.
    std::function<std::optional<core::Offset>(const core::TopicPartition&)> beginOf;
    /// First and next-to-be-written offset of a partition, to refuse a stored position beyond the log's end.
    std::function<core::Result<std::pair<core::Offset, core::Offset>>(const core::TopicPartition&)> bounds;
    /// Sends to the dead-letter topic and waits for the acknowledgement; answers which it will never take, for the
    /// store. Empty: all dead letters go to the store.
    std::function<core::Result<std::vector<RefusedLetter>>(std::span<const core::DeadLetter>)> deadLetterTopic;
    /// These three may be empty. What this worker owns from now on and where it reads on; what it owns no longer.
    std::function<void(const std::vector<core::TopicPartition>&, const std::vector<core::Offset>& starts)> taken;
    std::function<void(const std::vector<core::TopicPartition>&)> givenBack;
    /// How far a partition is stored, after each commit, and where its log ends, if no message lies between.
    std::function<void(const core::TopicPartition&, core::Offset next)> positionStored;
    /// How far a partition was committed to the store; may be empty.
    std::function<void(const core::TopicPartition&, core::Offset next)> committed;
    /// The highest position of a partition that this process knows to be committed; nothing: none.
    std::function<std::optional<core::Offset>(const core::TopicPartition&)> storedUpTo;
    /// The store holds less of a partition than this process has seen committed: it has gone back.
    std::function<void()> storeWentBack;
    /// The user had the position moved back.
    std::function<void(const core::TopicPartition&, core::Offset next)> positionReset;
    /// What this process has counted of a dropped batch may differ from what the store holds: the store decides.
    std::function<void()> unresolved;
    /// An event that was sent readable is stored as a dead letter, with the reason.
    std::function<void(const std::string& reason)> refused;
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
