// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/ports/filter.h"
#include "core/ports/store.h"
#include "services/consumer/assigned_partitions.h"
#include "services/consumer/batch.h"
#include "services/consumer/batch_account.h"
#include "services/consumer/consumer_ports.h"
#include "services/consumer/shared_instant.h"

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace services {

/// The batch that a worker has in hand, from its first message until it is committed or abandoned, and how far it moves
/// the worker's partitions. The steps of a commit, in the order that loses nothing: filter asked → dead-letter topic
/// acknowledged → one transaction → COMMIT → account → filter told → positions told. Nothing is written to the filter
/// before COMMIT: a crash between the two would make the redelivery look like a duplicate, and the event would be lost.
/// The worker's thread only, but where it says otherwise.
class BatchInHand {
public:
    /// The options, ports and partitions are the worker's and outlive the batch.
    BatchInHand(const ConsumerOptions& options, const ConsumerPorts& ports, AssignedPartitions& assigned,
                core::WorkerLane& lane, const core::RunTimes& times, core::EventAccount& events);

    /// Adds a message, not when full. One of a partition that is no longer ours, or a repetition of what the batch or
    /// the store has already, is counted as abandoned.
    void accept(const core::PolledMessage& message);
    bool empty() const { return m_batch.empty(); }
    bool full() const { return m_batch.full(); }
    core::Instant firstPolled() const { return m_batch.firstPolled(); }

    struct Done {
        bool fenced = false; ///< nothing was written: another consumer owns the partitions, and the batch was abandoned
        std::vector<std::pair<core::TopicPartition, core::Offset>> positions; ///< that were moved, to be mirrored
    };
    /// One try; then no batch is in hand. After an error it still is; Transient: the steps that were done are not
    /// repeated by the next try, so the store gets the same arguments again. `storeLimit` is that of each call of the
    /// store.
    core::Result<Done> commit(core::StoreSession& store, core::DuplicateFilter& filter,
                              core::Nanoseconds storeLimit = core::Nanoseconds::max());
    /// Tries until `limit` is over, and then abandons the batch with the last error.
    core::Result<Done> finish(core::StoreSession& store, core::DuplicateFilter& filter, core::Nanoseconds limit);
    /// Drops the batch: what it read of the partitions is to be read again. But first the store is asked what became of
    /// a commit whose reply was lost: it may have come through, and then the batch is done.
    std::optional<Done> abandon(core::StoreSession& store, core::DuplicateFilter& filter, const std::string& why);

    /// Any thread: since when the worker waits for a commit, in one try or several; and for a filter that answers. Both
    /// end with an answer.
    const SharedInstant& storeWait() const { return m_storeWait; }
    const SharedInstant& filterWait() const { return m_filterWait; }
    const SharedInstant& filterAnswer() const { return m_filterAnswer; } ///< the last one

    /// The counts of a batch did not add up (polled = stored + duplicate + dead-lettered): the error was Fatal.
    const std::optional<std::string>& violation() const { return m_violation; }

private:
    void askFilter(core::DuplicateFilter& filter);
    core::Status sendDeadLetters();
    core::StoreBatch storeBatch() const;
    core::Status check(const core::CommitOutcome& outcome) const;
    core::Error unsound(std::string reason);
    Done committed(const core::CommitOutcome& outcome, core::Instant stored, core::DuplicateFilter& filter);
    void drop(const std::string& why);
    void noteUnresolved() const;
    void clear();

    const ConsumerOptions& m_options;
    const ConsumerPorts& m_ports;
    AssignedPartitions& m_assigned;
    core::WorkerLane& m_lane;
    BatchAccount m_account;
    Batch m_batch;
    core::WallTime m_wallNow;                       // of the first message, for the decoder
    bool m_asked = false;                           // the filter, about this batch
    std::size_t m_deadLettersSent = 0;              // to the topic, of this batch
    std::vector<core::DeadLetter> m_refusedLetters; // by the topic: they go to the store
    std::vector<std::uint8_t> m_known;
    std::optional<std::string> m_violation;
    SharedInstant m_storeWait, m_filterWait, m_filterAnswer;
};

} // namespace services
