// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/yaml/yaml_source.h"

/// Where the items of sequences change in a text. An item by indentation goes with the comment lines right above its
/// dash and with the comment behind it; blank lines and other comments stay where they are.
namespace core {

/// Inserts `item` in front of the item `index`, or behind all.
std::vector<Replacement> itemInserted(const YamlSource& source, const YamlNode& sequence, std::size_t index,
                                      const YamlNode& item);

/// Repeats the item behind itself, without the comment lines above it.
std::vector<Replacement> itemCopied(const YamlSource& source, const YamlNode& sequence, std::size_t index);

/// Removes an item. `owner`: the entry whose value the sequence is; null: there is none. The last one leaves [] behind.
std::vector<Replacement> itemRemoved(const YamlSource& source, const YamlNode& sequence, std::size_t index,
                                     const YamlEntry* owner);

/// Moves an item, so that it is the item `to` afterwards.
std::vector<Replacement> itemMoved(const YamlSource& source, const YamlNode& sequence, std::size_t from,
                                   std::size_t to);

} // namespace core
