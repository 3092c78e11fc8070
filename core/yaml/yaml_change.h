// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/yaml/yaml_path.h"

#include <string>

/// Edits of a tree without a text, by which the edits of a text are judged.
namespace core {

YamlNode yamlKey(std::string key);
YamlNode emptyMapping();
YamlNode sequenceOf(YamlNode item);

/// The node at `path`; missing keys, and mappings in the place of nothing, are created. Items of the path exist.
YamlNode& nodeMadeAt(YamlNode& root, const YamlPath& path);

/// Removes what is at `path`, which exists and is not the root.
void eraseAt(YamlNode& root, const YamlPath& path);

/// Whether two trees say the same, wherever it stands in a text: the order of a mapping's entries has no meaning.
bool sameContent(const YamlNode& a, const YamlNode& b);

} // namespace core
