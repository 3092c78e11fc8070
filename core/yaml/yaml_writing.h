// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/yaml/yaml_tree.h"

#include <cstddef>
#include <string>
#include <string_view>

/// Writes nodes as YAML. A scalar whose `quoted` is set is a text, and gets quotes where it would be read as something
/// else without them; any other is a number, a boolean or a quantity.
namespace core {

YamlNode yamlText(std::string text);  ///< a text, whatever it looks like
YamlNode yamlPlain(std::string text); ///< a number, a boolean or a quantity

/// Whether YAML readers take these characters, without quotes, for a text.
bool readsAsText(std::string_view plain);

enum class YamlQuotes { AsNeeded, Single, Double };
/// `inFlow`: between brackets or braces, where more characters have a meaning.
std::string scalarText(const YamlNode& scalar, bool inFlow, YamlQuotes quotes = YamlQuotes::AsNeeded);

/// In one line: {name: a, stages: [{pause: 5s}]}.
std::string flowText(const YamlNode& node);

/// By indentation, but for collections that hold scalars and lists of scalars only: those take one line. The first line
/// is not indented, all others by `indent` spaces at the least.
std::string blockText(const YamlNode& node, std::size_t indent, std::string_view lineEnd);

/// The same for a sequence, each item in a line of its own whatever it holds.
std::string blockSequenceText(const YamlNode& sequence, std::size_t indent, std::string_view lineEnd);

/// One entry of a mapping, "key: value"; `indent` is that of the key.
std::string blockEntryText(const YamlEntry& entry, std::size_t indent, std::string_view lineEnd);

} // namespace core
