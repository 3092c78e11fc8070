// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/measure/run_clock.h"
#include "core/measure/run_lanes.h"
#include "services/archive/journal.h"
#include "services/consumer/consumer_pool.h"
#include "services/host/host_probe.h"
#include "services/producer/run_account.h"
#include "services/producer/stream_pool.h"
#include "services/run/pipeline.h"
#include "services/run/run.h"
#include "services/run/run_monitor.h"

#include <condition_variable>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace services {

/// Leads one run through its phases on a thread of its own: waits for the consumer group, runs warm-up and stages,
/// drains, and closes the ledger. It alone moves the run's times and starts and stops the other threads.
class Supervisor {
public:
    Supervisor(RunOptions options, RunHead head, std::vector<core::Threshold> rules);
    ~Supervisor(); ///< aborts and joins

    /// Connects; creates streams and consumers. Before launch().
    core::Status prepare(const std::stop_token& giveUp = {});
    void launch();

    core::RunStatus status() const;
    core::Status command(const core::Command& command);
    bool finished() const;
    core::RunResult wait();

private:
    using Clock = std::chrono::steady_clock;

    // The phases, on the supervising thread.
    void supervise();
    bool waitForGroup();
    void runStages();
    void drain();
    void waitForStore(core::Instant limit);
    void endRun();

    // While running.
    void tick();
    void publishTimes(core::Instant now);
    bool loadIsOver(core::Instant now) const;
    void popNotices();
    void applyCommands(core::Instant now);
    void apply(const core::Command& command, core::Instant now);
    void pause(core::Instant now);
    void resume(core::Instant now);
    void setRate(const core::RateCommand& command);
    void endLoad(bool giveUp);
    core::Nanoseconds finishLimit() const;

    core::Snapshot takeSnapshot(core::Instant now);
    void mark(core::Mark met); ///< at the present instant
    void enter(core::Phase phase);
    std::string stageText(core::Instant now) const;
    std::vector<core::RunClock::Part> spanParts() const;
    void writeJournal(const core::Snapshot& snapshot);
    /// Notes the producers' counts where the measured part begins and ends; `over`: it ends now.
    void countMeasured(core::Instant now, bool over);
    core::RunResult resultSoFar(const core::Snapshot& snapshot);
    core::Ledger closeLedger(const core::Snapshot& last);
    core::RunResult account();

    RunOptions m_options;
    RunHead m_head;
    RunMonitor m_monitor;
    HostProbe m_host;
    MessageFiles m_files;
    core::RunClock m_clock; // the supervising thread's; the others read the lanes' times
    core::RunLanes m_lanes;
    std::vector<core::RunClock::Part> m_spans; // of the lanes' spans
    RunAccount m_account;
    Journal m_journal;
    std::unique_ptr<Pipeline> m_pipeline;
    std::unique_ptr<StreamPool> m_streams;
    std::unique_ptr<ConsumerPool> m_consumers;

    std::map<std::string, std::string> m_hostFacts, m_targetFacts, m_settings, m_versions; // set by prepare()

    // Written by the supervising thread.
    core::Instant m_nextSample;
    core::Instant m_nextObservation;
    core::Instant m_nextPreparation; // of the store, in a long run
    std::optional<core::ProducerCounts> m_measuredBegin;
    std::optional<core::ProducerCounts> m_measuredEnd;
    core::Instant m_drainFrom;
    core::Nanoseconds m_drained{};
    core::Instant m_phaseLimit;
    std::optional<std::string> m_internalError;
    std::optional<std::string> m_unreachable;
    std::optional<std::string> m_identityViolation;
    bool m_interrupted = false;
    bool m_stopping = false;
    bool m_aborting = false;
    std::uint64_t m_undrained = 0;

    mutable std::mutex m_mutex; // guards what follows
    std::condition_variable m_changed;
    std::vector<core::Command> m_commands;
    std::vector<core::Mark> m_timeline;
    core::RunStatus m_status;
    std::optional<core::RunResult> m_result;

    std::jthread m_body; // joined first
};

} // namespace services
