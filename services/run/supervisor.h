// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/analysis/health.h"
#include "core/verdict/verdict.h"
#include "services/archive/journal.h"
#include "services/host/host_probe.h"
#include "services/run/awaited_store.h"
#include "services/run/fleet_positions.h"
#include "services/run/load_clock.h"
#include "services/run/run.h"
#include "services/run/run_mailbox.h"
#include "services/run/run_monitor.h"
#include "services/run/run_parts.h"
#include "services/run/stand_still_watch.h"
#include "services/run/store_call.h"
#include "services/run/store_upkeep.h"
#include "services/run/wall_clock_watch.h"

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace services {

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
    void catchUp(const core::RunTold& told);
    bool loadIsOver(core::Instant now) const;
    void drain();
    core::Nanoseconds finishLimit() const;
    std::optional<core::Nanoseconds> stopLimit() const;
    void waitForStore(core::Instant limit);
    bool storeHasGoneBack(core::Instant limit);
    bool ownAreStored() const;
    void endRun();
    core::RunResult account();
    std::vector<std::string> ackedText() const;
    core::Status storeHead(const core::RunResult& result);

    // While one is on.
    void tick();
    void apply(const core::Command& command, core::Instant now);
    void endLoad(bool giveUp);
    void popNotices();
    void watchClocks();
    void observe(core::Instant now, core::Phase phase);
    void mark(std::vector<core::Outage> outages);
    RunFigures figures(core::Instant now);
    core::RunResult resultSoFar(const core::Snapshot& snapshot) const;
    void writeJournal(const core::Snapshot& snapshot);

    RunOptions m_options;
    core::RunLanes& m_lanes;
    RunMailbox& m_mailbox;
    LoadClock m_load;
    RunMonitor m_monitor;
    HostProbe m_host;
    StandStillWatch m_standStills;
    core::HealthWatch m_health;
    Journal m_journal;
    std::unique_ptr<RunParts> m_parts; // by pointer, since its parts know each other's places
    WallClockWatch m_wallClock;

    core::Instant m_nextSample;
    core::Instant m_nextObservation;
    core::Instant m_phaseLimit;
    core::Instant m_finishBy = core::Instant::max(); // for the streams, once a stop has come
    core::Instant m_endBy = core::Instant::max();    // for the consumers, likewise
    core::Instant m_heldSince;                       // others keep something from the consumers
    core::Nanoseconds m_drained{};
    std::uint64_t m_undrained = 0;
    bool m_olderTold = false;
    bool m_stopping = false;
    bool m_hurried = false; // by Ctrl-C or SIGTERM: all ends within 15 s
    bool m_aborting = false;
    core::RunFacts m_facts; // what went wrong so far, for the verdict

    StoreCall m_storeCall; // on its thread it uses the parts
    StoreUpkeep m_upkeep;
    FleetPositions m_positions; // of a fleet
    AwaitedStore m_store;

    std::jthread m_body; // joined first
};

} // namespace services
