// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/measure/run_lanes.h"
#include "core/measure/sequence_set.h"
#include "core/ports/audited_rows.h"
#include "services/archive/run_head.h"
#include "services/consumer/trouble.h"
#include "services/producer/run_account.h"
#include "services/run/consumption.h"

#include <atomic>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

namespace services {

/// Somebody else's program, followed by the table that it fills: on a thread of its own the table's end is looked at
/// again and again, and the run's new rows are entered as if a worker of ours had stored them. A look reads what may
/// have come since the last one, so its cost grows with the load and not with the table, and at most a tenth of the
/// time is spent on looking. What it does not see the closing audit finds.
class OutsideConsumer final : public Consumption {
public:
    struct Options {
        RunHead head;
        core::Nanoseconds drain{}; ///< how long the end waits at most
    };

    /// Begins at once. All that is handed over by reference outlives it.
    OutsideConsumer(std::unique_ptr<core::AuditedRows> rows, Options options, core::WorkerLane& lane,
                    const core::RunTimes& times, RunAccount& account);
    ~OutsideConsumer() override; ///< stops and joins

    bool ready() const override { return m_looked.load(std::memory_order_acquire); }
    std::string trouble() const override { return m_trouble.text(); }
    core::ConsumerWaits waits() const override; ///< for new rows: whether that is its store's fault nobody knows
    void seekEnd() override { m_draining.store(true, std::memory_order_release); }
    std::uint64_t undrained() const override;
    std::uint64_t late() const override;
    void stop() override { m_body.request_stop(); }
    bool left() const override { return m_left.load(std::memory_order_acquire); }
    Account account() const override { return Account::Stored; }

private:
    using Clock = std::chrono::steady_clock;

    void run(const std::stop_token& stop);
    core::Status look(const std::stop_token& stop);
    void enter(const core::AuditedRow& row);
    void record(const core::EventIdParts& own, core::Instant stored);
    core::Instant storedAt(const core::AuditedRow& row) const;

    std::unique_ptr<core::AuditedRows> m_rows;
    Options m_options;
    core::WorkerLane& m_lane;
    const core::RunTimes& m_times;
    RunAccount& m_account;

    const core::Instant m_begun = Clock::now();

    // The thread's own.
    std::vector<core::SequenceSet> m_seen; // by stream
    std::vector<core::OwnFate> m_fates;    // of the look that is on
    core::Instant m_doneUntil;             // of events due in the measured part

    std::atomic<bool> m_looked{false};
    std::atomic<bool> m_draining{false};
    std::atomic<bool> m_left{false};
    std::atomic<std::int64_t> m_lastNew{0}; // ns of the monotonic clock; 0: nothing has come
    Trouble m_trouble;
    mutable std::uint64_t m_missing = 0; // the supervisor's: counting takes a while
    mutable core::Instant m_countAgain;

    std::mutex m_mutex;
    std::condition_variable_any m_wake;
    std::jthread m_body; // joined first
};

} // namespace services
