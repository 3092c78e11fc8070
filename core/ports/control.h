// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/analysis/health.h"
#include "core/fleet/fleet_member.h"
#include "core/measure/mark.h"
#include "core/measure/snapshot.h"
#include "core/result.h"
#include "core/results/result_file.h"
#include "core/units.h"
#include "core/verdict/threshold.h"

#include <string>
#include <variant>
#include <vector>

/// The door to a run that is on, wherever it is executed.
namespace core {

struct PauseCommand {}; ///< the load stops; its plan is continued, that much later, by ResumeCommand
struct ResumeCommand {};
/// Ends the load, drains, closes the ledger; interrupted: verdict 130.
struct StopCommand {
    bool interrupted = false;
};
struct AbortCommand {}; ///< ends at once, still with the counts
/// From now on; stream empty: all of them, in proportion.
struct RateCommand {
    std::string stream;
    Rate rate;
};
/// Beside the scenario's streams, one at a time.
struct BurstCommand {
    Rate rate;
    Nanoseconds duration{};
};
using Command = std::variant<PauseCommand, ResumeCommand, StopCommand, AbortCommand, RateCommand, BurstCommand>;

/// What a view shows while a run is on; one value.
struct RunStatus {
    Phase phase = Phase::Preparing;
    bool paused = false;
    std::string stage;   ///< as "baseline 2/3"
    double progress = 0; ///< 0 … 1 of warm-up and stages
    Nanoseconds left{};  ///< of the phase: till the end of the stages, or of the drain's limit
    Snapshot snapshot;
    std::vector<Mark> timeline;
    Health health;
    ConsumedBy consumedBy = ConsumedBy::Millrace;
    std::vector<FleetMember> fleet; ///< daemons that send and consume; none: this process does
    std::vector<RuleOutcome> rules; ///< as they stand: one per rule of the scenario, none before the load begins
};

/// One run that has begun, in this process or on another machine; how it was started is its maker's affair. It ends by
/// itself or by a command. Destroying a run that is executed here aborts it and may take as long as that does.
///
/// Any thread may call the members, several at a time. No call fails because a server of the run does, nor because the
/// run's machine cannot be reached: the run's verdict says so.
class RunControl {
public:
    virtual ~RunControl() = default;

    /// The newest known state. Does not wait for servers or other machines; costs up to milliseconds, with the number
    /// of streams.
    virtual RunStatus status() const = 0;

    /// Accepts the command: it takes effect soon afterwards, in the order of the calls, and the time line shows it.
    /// Errors: Invalid: it makes no sense now, with the reason; Transient: it could not be delivered within seconds,
    /// and may be given again. Stop and abort are accepted in every phase, any number of times.
    virtual Status command(const Command& command) = 0;

    /// The run is over and its account closed: wait() returns at once. Does not block.
    virtual bool finished() const = 0;

    /// Blocks until the run is over. The whole account, any number of times; of a run whose account cannot be had any
    /// more the last that is known, with the verdict 'unreachable'.
    virtual RunResult wait() = 0;
};

} // namespace core
