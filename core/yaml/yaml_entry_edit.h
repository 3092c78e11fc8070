// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/yaml/yaml_source.h"

/// Where the entries of mappings change in a text.
namespace core {

/// Puts `value` in the place of the node that `trail` and `path` lead to.
std::vector<Replacement> valueReplaced(const YamlSource& source, const std::vector<const YamlNode*>& trail,
                                       const YamlPath& path, const YamlNode& value);

/// Adds `entry` to a mapping, behind the keys that come before it in the format. `listInLines`: a list as its value
/// gets a line for each item where the mapping is by indentation.
std::vector<Replacement> entryAdded(const YamlSource& source, const YamlNode& mapping, const YamlEntry& entry,
                                    bool listInLines);

/// Removes one of several entries.
std::vector<Replacement> entryRemoved(const YamlSource& source, const YamlNode& mapping, std::size_t index);

} // namespace core
