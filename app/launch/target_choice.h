// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/launch/arguments.h"
#include "core/result.h"
#include "core/scenario/scenario.h"

#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace app {

using Environment = std::function<std::optional<std::string>(const std::string& name)>;

/// The process's environment.
std::optional<std::string> environmentVariable(const std::string& name);

/// What the command line says of the target.
struct TargetFlags {
    bool embedded = false;             ///< --target embedded: neither the file nor the environment is asked
    std::string broker, store, dedupe; ///< empty: not given
};

/// The options --target, --broker, --store and --dedupe, for a verb's table.
std::vector<Option> targetOptions();

/// Reads them. Refuses what is no address, and a URL that holds a password, without repeating it.
core::Result<TargetFlags> targetFlags(const Arguments& arguments);

/// Where each part goes: the flag, then the file, then MILLRACE_BROKER, MILLRACE_STORE and MILLRACE_DEDUPE, then
/// embedded; part by part. The answer names all three.
core::Result<core::Target> chooseTarget(const TargetFlags& flags, const core::Target& file,
                                        const Environment& environment);

/// --set PATH=VALUE, cut in two. Refuses a secret that is written out.
core::Result<std::vector<std::pair<std::string, std::string>>> overrides(const std::vector<std::string>& settings);

} // namespace app
