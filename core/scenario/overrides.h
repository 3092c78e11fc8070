// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/yaml/problem_list.h"
#include "core/yaml/yaml_tree.h"

#include <string>
#include <utility>
#include <vector>

namespace core {

/// Sets PATH to VALUE in the tree, in the order given; VALUE is YAML. A path consists of keys and places:
/// streams[0].stages[1].rate, or streams.NAME.stages[1].rate by a stream's name; what follows 'kafka.client.' is one
/// key. Keys that do not exist are created; items of lists must exist. Problems are those of the override, "--set
/// PATH".
void applyOverrides(YamlNode& root, const std::vector<std::pair<std::string, std::string>>& overrides,
                    ProblemList& problems);

} // namespace core
