// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/verdict/verdict.h"
#include "services/archive/journal.h"
#include "services/consumer/consumer_pool.h"
#include "services/host/host_probe.h"
#include "services/producer/run_account.h"
#include "services/producer/stream_pool.h"
#include "services/run/load_clock.h"
#include "services/run/pipeline.h"
#include "services/run/run.h"
#include "services/run/run_mailbox.h"
#include "services/run/run_monitor.h"

#include <memory>
#include <string_view>
#include <thread>
#include <vector>

namespace services {

/// What a run consists of, connected and known to the store. The streams wait for their start; the consumers join their
/// group at once. Destroyed from the last to the first.
struct RunParts {
    RunHead head;
    core::RunResult known; ///< of the result, from the start
    MessageFiles files;
    RunAccount account;
    std::unique_ptr<Pipeline> pipeline;
    std::unique_ptr<StreamPool> streams{};
    std::unique_ptr<ConsumerPool> consumers{};
};

/// Leads one run through its phases on a thread of its own: waits for the consumer group, runs warm-up and stages,
/// drains, and closes the ledger. It alone moves the run's times and starts and stops the other threads.
class Supervisor {
public:
    /// Begins at once. Lanes and mailbox, by which others follow the run, outlive it.
    Supervisor(RunOptions options, std::vector<core::Threshold> rules, std::unique_ptr<RunParts> parts,
               core::RunLanes& lanes, RunMailbox& mailbox);
    ~Supervisor(); ///< aborts and joins

    core::Status command(const core::Command& command); ///< any thread

private:
    using Clock = std::chrono::steady_clock;

    // The phases.
    void supervise();
    bool waitForGroup();
    bool mayWait(std::string_view what);
    bool waitForOlder();
    void tellOlder();
    void runStages();
    bool loadIsOver(core::Instant now) const;
    void drain();
    core::Nanoseconds finishLimit() const;
    void waitForStore(core::Instant limit);
    bool ownAreStored() const;
    void endRun();
    core::RunResult account();

    // While one is on.
    void tick();
    void apply(const core::Command& command, core::Instant now);
    void endLoad(bool giveUp);
    void popNotices();
    void prepareStore(core::Instant now);
    void observe(core::Instant now, core::Phase phase);
    RunFigures figures(core::Instant now);
    core::RunResult resultSoFar(const core::Snapshot& snapshot) const;
    void writeJournal(const core::Snapshot& snapshot);

    RunOptions m_options;
    core::RunLanes& m_lanes;
    RunMailbox& m_mailbox;
    LoadClock m_load;
    RunMonitor m_monitor;
    HostProbe m_host;
    Journal m_journal;
    std::unique_ptr<RunParts> m_parts; // by pointer, since its parts know each other's places

    core::Instant m_nextSample;
    core::Instant m_nextObservation;
    core::Instant m_nextPreparation; // of the store, in a long run
    core::Instant m_phaseLimit;
    core::Instant m_heldSince; // others keep something from the consumers
    core::Nanoseconds m_drained{};
    std::uint64_t m_undrained = 0;
    bool m_olderTold = false;
    bool m_stopping = false;
    bool m_aborting = false;
    core::RunFacts m_facts; // what went wrong so far, for the verdict

    std::jthread m_body; // joined first
};

} // namespace services
