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

/// The options --target, --broker, --store and --dedupe, for a verb's table.
std::vector<Option> targetOptions();

/// Reads them; --target embedded says it of every part that has no option of its own. Refuses what is no address, and a
/// URL that holds a password, without repeating it.
core::Result<core::PartialTarget> targetFlags(const Arguments& arguments);

/// Where each part goes: the flag, then the file, then MILLRACE_BROKER, MILLRACE_STORE and MILLRACE_DEDUPE, then
/// embedded; part by part.
core::Result<core::Target> chooseTarget(const core::PartialTarget& flags, const core::PartialTarget& file,
                                        const Environment& environment);

/// The text, without the secret in it; nothing of it where it looks like an address with one but cannot be read.
std::string withoutSecret(const std::string& text);

/// --set PATH=VALUE, cut in two. Refuses a secret that is written out.
core::Result<std::vector<std::pair<std::string, std::string>>> overrides(const std::vector<std::string>& settings);

} // namespace app
