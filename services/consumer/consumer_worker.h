// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/analysis/health.h"
#include "services/consumer/assigned_partitions.h"
#include "services/consumer/back_off.h"
#include "services/consumer/batch_in_hand.h"
#include "services/consumer/consumer_ports.h"
#include "services/consumer/trouble.h"

#include <atomic>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>

namespace services {

/// One worker of the reference consumer: one member of the group, one store session, one filter. Its order is
/// poll → filter → one transaction (rows, dead letters, counts, offsets) → COMMIT → filter told → offsets mirrored.
/// run() is the body of the thread that owns everything in it, and that makes the listener's calls (inside
/// Subscriber::poll and close).
class ConsumerWorker final : core::AssignmentListener {
public:
    ConsumerWorker(ConsumerOptions options, ConsumerPorts ports, core::WorkerLane& lane, const core::RunTimes& times,
                   core::EventAccount& account);

    /// Consumes until stopped; then finishes or rolls back the batch in hand and leaves the group. An error is one that
    /// no retry fixes (our bug, a table of another shape, a stored position beyond the log's end).
    core::Status run(std::stop_token stop);

    /// Any thread: true once partitions have been assigned and owned for the first time.
    bool joined() const { return m_joined.load(std::memory_order_acquire); }
    /// Any thread: gives its partitions up and asks the store anew where they stand.
    void rejoin() { m_rejoinAsked.store(true, std::memory_order_release); }
    /// Any thread: a transient fault is being retried since a while, in words; empty: all is well.
    std::string trouble() const { return m_trouble.text(); }
    /// Any thread: since when it waits for the store, to commit or to take partitions over, and for the filter.
    core::ConsumerWaits waits() const;
    std::optional<core::Instant> filterAnswered() const { return m_batch.filterAnswer().value(); } ///< any thread
    /// After run(): the counts of a batch did not add up (polled = stored + duplicate + dead-lettered), in words.
    const std::optional<std::string>& violation() const { return m_batch.violation(); }

private:
    core::Result<std::vector<core::Offset>> assigned(const std::vector<core::TopicPartition>& partitions) override;
    void revoked(const std::vector<core::TopicPartition>& partitions, bool lost) override;
    void reached(const core::TopicPartition& partition, core::Offset next) override;

    template <typename End, typename Open>
    core::Status open(std::unique_ptr<End>& end, BackOff& backOff, const Open& tryToOpen);
    void openFilter();
    void consume();
    void leave();
    void giveBack(const std::vector<core::TopicPartition>& partitions);
    void pollOnce();
    core::Nanoseconds pollTimeout() const;
    void pollFailed(const core::Error& error);
    void accept(const core::PolledMessage& message);
    void checkAround();

    void commitBatch();
    bool finishBatch(core::Nanoseconds limit);
    bool apply(const core::Result<BatchInHand::Done>& commit);
    void hold(const core::Error& fault);
    void waitPolling(core::Nanoseconds pause);

    bool over() const { return m_stop.stop_requested() || m_failure || m_rejoin; }
    void wait(core::Nanoseconds pause); ///< without a subscription; ends early on a stop
    void note(core::MarkKind kind, core::End end, std::string detail = {}) const;

    ConsumerOptions m_options;
    ConsumerPorts m_ports;
    core::WorkerLane& m_lane;
    AssignedPartitions m_assigned;
    BatchInHand m_batch;
    std::unique_ptr<core::StoreSession> m_store;
    std::unique_ptr<core::DuplicateFilter> m_filter;
    std::string m_filterTag; // of the store that it was opened for
    std::unique_ptr<core::Subscriber> m_subscriber;

    std::stop_token m_stop;
    std::optional<core::Error> m_failure; // ends run()
    bool m_rejoin = false;                // ends the present subscription
    bool m_idle = false;                  // the last poll found nothing at hand
    bool m_pollTrouble = false;           // the last poll failed
    BackOff m_rejoinBackOff;              // reset by each commit
    std::uint64_t m_formerGap = 0;        // offset gap of earlier subscriptions

    SharedInstant m_takeOver;
    std::atomic<bool> m_joined{false};
    std::atomic<bool> m_rejoinAsked{false};
    Trouble m_trouble;
};

} // namespace services
