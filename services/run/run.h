// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/ports/control.h"
#include "core/ports/fleet.h"
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
#include <vector>

namespace services {

struct RunOptions {
    core::Scenario scenario;
    core::Target target;             ///< resolved: every part says where; of a saved connection see ServerAccess
    std::filesystem::path directory; ///< for events.sqlite, run.journal; exists
    /// What --set changed in the scenario's text, for the journal.
    std::vector<std::pair<std::string, std::string>> overrides;
    bool resetOffsets = false;
    /// Daemons that send and consume instead of this process; null: none. Broker and store are real servers then.
    std::shared_ptr<core::Fleet> fleet{};   // shared, for whoever shows how they stand
    std::optional<core::RunTold> leadsOn{}; ///< what they were told of a run that somebody else began: Fleet::find()
};

/// One execution of a scenario on a target, by this process. Created by start(), which has connected to every server
/// and begun to load. The run owns all its threads; destroying it aborts and joins.
class Run final : public core::RunControl {
public:
    /// Errors: Invalid: the scenario asks the impossible (exit code 2); Transient: a server is absent (6);
    /// Refused: one denies access or what a run needs (6); Fatal: this machine cannot, for one its disk is full (1).
    /// `giveUp` ends the start early, with an error of no interest.
    static core::Result<std::unique_ptr<Run>> start(RunOptions options, const std::stop_token& giveUp = {});
    ~Run() override;

    core::RunStatus status() const override;
    core::Status command(const core::Command& command) override;
    bool finished() const override;
    core::RunResult wait() override;

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
                                          const std::optional<ServerAccess>& access = {},
                                          const std::stop_token& giveUp = {});

} // namespace services
