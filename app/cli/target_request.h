// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/launch/arguments.h"
#include "core/result.h"
#include "core/scenario/scenario.h"

#include <string>
#include <vector>

namespace app {

/// What `init` and `doctor` are asked about: a target, and the settings of a scenario or, without one, the defaults.
struct TargetRequest {
    core::Scenario scenario;
    core::Target target;
    bool fromFile = false;

    /// The topics of the tiers that the scenario's streams use; of all tiers without a file.
    std::vector<std::string> topics() const;
    /// As a run creates them.
    int partitions() const;
};

/// Reads FILE, if there is one, and the target's options; has complained where the answer is nothing.
std::optional<TargetRequest> readTargetRequest(const Arguments& arguments);

} // namespace app
