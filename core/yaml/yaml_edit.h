// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/result.h"
#include "core/yaml/yaml_path.h"

#include <string>
#include <string_view>

/// Edits of a YAML text that leave every other byte, comments included, as it is. Paths are those of problems:
/// streams[0].stages[1].rate. Each edit reads its outcome again and answers it only if it holds what it should and
/// nothing else has changed; texts that are too odd for that are Invalid, with a sentence that sends the user to the
/// text, and so are texts that are no YAML and paths that lead nowhere.
namespace core {

/// Sets the value at `path`. Keys that are missing are added, indented like their neighbours; quotes stay as they are.
/// Of a scalar, `quoted` says that it is a text (see yaml_writing.h).
Result<std::string> setValue(std::string_view text, std::string_view path, const YamlNode& value);

/// Removes a key or an item. A key whose mapping is empty without it takes that with it.
Result<std::string> removeAt(std::string_view text, std::string_view path);

/// Inserts an item in front of the item `index` of the sequence at `path`, or behind all. A missing sequence is
/// created.
Result<std::string> insertItem(std::string_view text, std::string_view path, std::size_t index, const YamlNode& item);

/// Repeats an item of the sequence at `path` behind itself.
Result<std::string> copyItem(std::string_view text, std::string_view path, std::size_t index);

/// Moves an item of the sequence at `path`, so that it is the item `to` afterwards.
Result<std::string> moveItem(std::string_view text, std::string_view path, std::size_t from, std::size_t to);

} // namespace core
