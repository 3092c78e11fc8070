// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

/// How problems speak: quotes of the user's text, and 'did you mean'.
namespace core {

/// The text in single quotes, made safe for terminals: control characters become '?', and what exceeds 60 bytes '…'.
std::string inQuotes(std::string_view text);
/// The same without quotes.
std::string shown(std::string_view text);

/// Levenshtein distance with exchanged neighbours counting as one (optimal string alignment), case ignored.
std::size_t editDistance(std::string_view a, std::string_view b);

/// The candidate nearest to `name`; nothing when none is near enough to be meant. The first of equals.
std::optional<std::string_view> nearest(std::string_view name, std::span<const std::string_view> candidates);

/// The items of a list with commas, without the spaces around them and without those that are empty.
std::vector<std::string_view> itemsOf(std::string_view text);

/// "a, b and c", or "a, b or c" when `last` is "or".
std::string listed(std::span<const std::string_view> names, std::string_view last);

} // namespace core
