// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/yaml/problem_list.h"
#include "core/yaml/yaml_tree.h"

#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace core {

using EnvironmentLookup = std::function<std::optional<std::string>(const std::string& name)>;

/// Replaces ${NAME} in all values (not in keys). What comes in is not looked at again. A name that is not set is a
/// problem, and its node is broken from then on. An empty lookup knows no name.
void expandEnvironment(YamlNode& root, const EnvironmentLookup& lookUp, ProblemList& problems);

/// True if the text consists of nothing but ${NAME}s.
bool isOnlyEnvironment(std::string_view text);

/// The text with `standIn` in the place of each ${NAME}.
std::string withStandIns(std::string_view text, std::string_view standIn);

} // namespace core
