// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/launch/arguments.h"
#include "app/launch/target_choice.h"
#include "core/ports/fleet.h"
#include "core/result.h"
#include "core/target/target.h"
#include "services/remote/remote_fleet.h"
#include "services/run/run.h"

#include <memory>
#include <string>
#include <vector>

namespace app {

/// The options --daemons, --daemons-ca, --on-controller-loss and --attach, for a verb's table.
std::vector<Option> fleetOptions();

/// The daemons that the flag names, or else the scenario's, asked with the token of MILLRACE_TOKEN or of the file that
/// MILLRACE_TOKEN_FILE names. Null: neither names any. Invalid: what they are is unclear, or the target is not one of
/// real servers.
core::Result<std::shared_ptr<services::RemoteFleet>> chooseFleet(const Arguments& arguments,
                                                                 const std::vector<std::string>& ofScenario,
                                                                 const core::Target& target,
                                                                 const Environment& environment);

/// Daemons that are asked with this token; an empty one: with that of the environment, as above.
core::Result<services::RemoteFleet::Options> optionsOfFleet(std::vector<std::string> daemons,
                                                            const core::Secret& token);
/// Invalid: the target is not one of real servers.
core::Status fitsFleet(const core::Target& target);

/// Makes the run that the daemons have a part in one that this process leads on: its scenario, and what they were told.
/// Takes up to some ten seconds. Errors as core::Fleet::find(), and Invalid where its scenario cannot be read here.
core::Status leadOn(services::RunOptions& options, const std::string& id);

} // namespace app
