// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/result.h"
#include "core/yaml/yaml_tree.h"

#include <cstddef>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace core {

/// A key of a mapping, or the place of an item in a sequence, from 0.
using YamlStep = std::variant<std::string, std::size_t>;
using YamlPath = std::vector<YamlStep>;

/// Reads a path as problems write it: streams[0].stages[1].rate. What follows kafka.client. is one key. Invalid: no
/// path.
Result<YamlPath> parseYamlPath(std::string_view text);

/// The node at `path`; null: there is none.
const YamlNode* nodeAt(const YamlNode& root, const YamlPath& path);

/// The nodes that `path` leads through, the root first; shorter than path.size() + 1 where the way ends before.
std::vector<const YamlNode*> trailOf(const YamlNode& root, const YamlPath& path);

} // namespace core
