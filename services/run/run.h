// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/measure/snapshot.h"
#include "core/result.h"
#include "core/results/result_file.h"
#include "core/scenario/scenario.h"
#include "services/target/server_access.h"

#include <filesystem>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace services {

struct RunOptions {
    core::Scenario scenario;
    core::Target target;             ///< resolved: every part says where; of a saved connection see ServerAccess
    std::filesystem::path directory; ///< for events.sqlite, run.journal; exists
    /// What --set changed in the scenario's text, for the journal.
    std::vector<std::pair<std::string, std::string>> overrides;
    bool resetOffsets = false;
};

using core::Phase;

struct PauseCommand {};
struct ResumeCommand {};
struct StopCommand {
    bool interrupted = false;
}; ///< ends the load, drains, closes the ledger; interrupted: verdict 130
struct AbortCommand {}; ///< ends at once, still with the counts
struct RateCommand {
    std::string stream;
    core::Rate rate;
}; ///< stream empty: all, in proportion
struct BurstCommand {
    core::Rate rate;
    core::Nanoseconds duration{};
};
using Command = std::variant<PauseCommand, ResumeCommand, StopCommand, AbortCommand, RateCommand, BurstCommand>;

/// What a view shows while a run is on; one value.
struct RunStatus {
    Phase phase = Phase::Preparing;
    bool paused = false;
    std::string stage;        ///< as "baseline 2/3"
    double progress = 0;      ///< 0 … 1 of warm-up and stages
    core::Nanoseconds left{}; ///< of the phase: till the end of the stages, or of the drain's limit
    core::Snapshot snapshot;
    std::vector<core::Mark> timeline;
};

/// One execution of a scenario on a target. Made by start(), which has connected to every server and begun to load.
/// The run owns all its threads; destroying it aborts and joins. Any thread may call the members.
class Run {
public:
    /// Errors: Invalid: the scenario asks the impossible (exit code 2); Transient or Fatal: a server is absent or
    /// refuses us (6).
    /// `giveUp` ends the start early, with an error of no interest.
    static core::Result<std::unique_ptr<Run>> start(RunOptions options, std::stop_token giveUp = {});
    ~Run();

    RunStatus status() const;
    core::Status command(const Command& command); ///< refused, with the reason, when it makes no sense now
    bool finished() const;
    /// Waits for the end; the whole account.
    core::RunResult wait();

private:
    struct State;
    explicit Run(std::unique_ptr<State> state);
    std::unique_ptr<State> m_state;
};

/// Opens the journal of a run that was killed, drains what the broker still holds for it, and closes its ledger. The
/// journal holds no password: `access` is for a run that got them from a saved connection. Errors as Run::start(), and
/// Fatal where the run's broker ended with its process. `giveUp` ends it early, with an error of no interest; it can be
/// begun again.
core::Result<core::RunResult> resumeDrain(const std::filesystem::path& directory,
                                          const std::optional<ServerAccess>& access = {}, std::stop_token giveUp = {});

} // namespace services
