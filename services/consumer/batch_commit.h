// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/ports/filter.h"
#include "core/ports/store.h"
#include "services/consumer/assigned_partitions.h"
#include "services/consumer/batch.h"
#include "services/consumer/batch_account.h"
#include "services/consumer/consumer_worker.h"

#include <vector>

namespace services {

/// The steps of one batch, in the order that loses nothing: filter asked → dead-letter topic acknowledged → one
/// transaction → COMMIT → account → filter told → positions told. Nothing is written to the filter before COMMIT: a
/// crash between the two would make the redelivery look like a duplicate, and the event would be lost.
class BatchCommit {
public:
    BatchCommit(const ConsumerPorts& ports, bool criticalTier, BatchAccount& account, core::WorkerLane& lane);

    struct Try {
        bool fenced = false;  ///< nothing was written; drop the batch and rejoin
        bool unsound = false; ///< the counts of the batch do not add up: nothing more may be stored
        std::string reason;   ///< of either
    };
    /// One try. Steps that were done are not repeated after a Transient error, so the store gets the same arguments
    /// again; each call of the store takes `storeLimit` at most. After success the batch is still there, for the
    /// caller to clear.
    core::Result<Try> attempt(Batch& batch, AssignedPartitions& assigned, core::StoreSession& store,
                              core::DuplicateFilter& filter, core::Nanoseconds storeLimit);
    /// The next attempt is about another batch.
    void reset();

private:
    void askFilter(Batch& batch, core::DuplicateFilter& filter);
    core::Status sendDeadLetters(const Batch& batch);
    core::StoreBatch storeBatch(const Batch& batch, AssignedPartitions& assigned) const;
    core::Status check(const Batch& batch, const core::CommitOutcome& outcome) const;

    const ConsumerPorts& m_ports;
    bool m_criticalTier;
    BatchAccount& m_account;
    core::WorkerLane& m_lane;
    bool m_asked = false;              // the filter, about this batch
    std::size_t m_deadLettersSent = 0; // to the topic, of this batch
    std::vector<std::uint8_t> m_known;
};

} // namespace services
