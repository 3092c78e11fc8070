// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/consumer/assigned_partitions.h"
#include "services/consumer/back_off.h"
#include "services/consumer/batch.h"
#include "services/consumer/batch_account.h"
#include "services/consumer/batch_commit.h"
#include "services/consumer/consumer_worker.h"

#include <atomic>
#include <mutex>
#include <optional>

namespace services {

/// The worker's inside. Everything but `joined` and `trouble` belongs to the thread of run(), which also creates the
/// listener's calls (inside Subscriber::poll and close).
struct ConsumerWorker::State final : core::AssignmentListener {
    State(ConsumerOptions options, ConsumerPorts ports, core::WorkerLane& lane, const core::RunTimes& times,
          core::EventAccount& events);

    // worker_loop.cpp
    core::Status run(std::stop_token stopToken);
    core::Status openStore(std::stop_token storeStop);
    core::Status subscribe();
    void consume();
    void leave();
    void pollOnce();
    core::Nanoseconds pollTimeout() const;
    void pollFailed(const core::Error& error);
    void accept(const core::PolledMessage& message);
    void checkAround();

    // worker_assignment.cpp
    core::Result<std::vector<core::Offset>> assigned(const std::vector<core::TopicPartition>& partitions) override;
    void revoked(const std::vector<core::TopicPartition>& partitions, bool lost) override;

    // worker_batch.cpp
    void commitBatch();
    /// After success or being fenced, no batch is in hand. `limit` is the store's.
    core::Status tryCommit(core::Nanoseconds limit = core::Nanoseconds::max());
    void hold(const core::Error& fault);
    void waitPolling(core::Nanoseconds pause);
    bool finishBatch(core::Nanoseconds limit);
    bool abandonBatch(const std::string& why);

    bool over() const { return stop.stop_requested() || failure || rejoin; }
    void wait(core::Nanoseconds pause); ///< without a subscription; ends early on a stop
    void setTrouble(std::string text);
    void note(core::Mark met) const;
    void note(core::MarkKind kind, core::End end, std::string detail = {}) const;

    ConsumerOptions options;
    ConsumerPorts ports;
    core::WorkerLane& lane;
    Batch batch;
    AssignedPartitions held;
    BatchAccount account;
    BatchCommit steps;
    std::unique_ptr<core::StoreSession> store;
    std::unique_ptr<core::DuplicateFilter> filter;
    std::unique_ptr<core::Subscriber> subscriber;

    std::stop_token stop;
    std::optional<core::Error> failure;   ///< ends run()
    std::optional<std::string> violation; ///< of the counts' identity; with a failure
    bool rejoin = false;                  ///< ends the present subscription
    bool idle = false;                    ///< the last poll found nothing at hand
    bool pollTrouble = false;             ///< the last poll failed
    bool troubled = false;                ///< `trouble` is not empty
    BackOff rejoinBackOff;                ///< reset by each commit
    std::uint64_t formerGap = 0;          ///< offset gap of earlier subscriptions
    core::WallTime wallNow;               ///< of the batch in hand, for the decoder

    std::atomic<bool> joined{false};
    mutable std::mutex troubleMutex;
    std::string trouble;
};

} // namespace services
