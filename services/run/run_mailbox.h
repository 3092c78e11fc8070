// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/analysis/health.h"
#include "core/measure/run_lanes.h"
#include "core/ports/control.h"
#include "core/ports/fleet.h"

#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace services {

/// What only the thread that leads a run can say about it; the lanes say the rest.
struct RunFigures {
    core::HostSample host;
    core::ConsumedBy consumedBy = core::ConsumedBy::Millrace;
    core::Nanoseconds measuredLength{};
    std::vector<core::Nanoseconds> spanLengths; ///< one per span
    std::vector<core::Rate> targets;            ///< one per stream
    double asked = 0;                           ///< as core::Snapshot::measuredAsked
    std::string stage;                          ///< these and those that follow as in core::RunStatus
    double progress = 0;
    core::Nanoseconds left{};
    core::Health health;
    std::vector<core::RuleOutcome> rules;

    void addTo(core::Snapshot& snapshot) const;
};

/// What crosses between the thread that leads a run and those who watch and command it: commands one way, the time
/// line, the newest figures and the result the other. Any thread may call the members, several at a time.
class RunMailbox {
public:
    using Clock = std::chrono::steady_clock;

    /// Lanes and fleet, which counts elsewhere if there is one, outlive the mailbox.
    RunMailbox(const core::RunLanes& lanes, const core::Scenario& scenario, const core::Fleet* fleet = nullptr);

    // For those who watch and command: see core::RunControl.
    /// `burstOn` is asked only while the run is under load.
    core::Status accept(const core::Command& command, const std::function<bool()>& burstOn);
    core::RunStatus status(core::Instant now = Clock::now()) const;
    core::Snapshot snapshot(core::Instant now) const; ///< all that was counted, here and elsewhere
    bool finished() const;
    core::RunResult wait() const;

    // For those who execute the run.
    /// Enters it into the time line at the seconds since the origin. Status follows the marks: phase, paused.
    void mark(core::Mark met, core::Instant at = Clock::now());
    std::vector<core::Mark> timeline() const;
    core::Phase phase() const;
    std::vector<core::Command> popCommands();
    void report(RunFigures figures);
    void finish(core::RunResult result); ///< once, at the end

private:
    const core::RunLanes& m_lanes;
    const core::Fleet* const m_fleet;
    std::vector<std::string> m_streams; // whose rate may be set

    mutable std::mutex m_mutex; // guards what follows
    mutable std::condition_variable m_finished;
    std::vector<core::Command> m_commands;
    std::vector<core::Mark> m_timeline;
    core::Phase m_phase = core::Phase::Preparing;
    bool m_paused = false;
    RunFigures m_figures;
    std::optional<core::RunResult> m_result;
};

} // namespace services
