// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

/// Text measured in the columns of a terminal. Each character of ours takes one; escape sequences take none.
namespace app {

std::size_t columnsOf(std::string_view text);
/// At most `width` columns of it; what was cut shows as '…'.
std::string cutToColumns(std::string_view text, std::size_t width);
/// Blanks after or before the text until it takes `width` columns.
std::string padRight(std::string text, std::size_t width);
std::string padLeft(std::string text, std::size_t width);
/// A label and items that follow it, broken between items where the line ends; further lines are indented.
std::vector<std::string> flow(std::string_view label, const std::vector<std::string>& items, std::size_t width);
/// Sentences broken between words.
std::vector<std::string> wrapWords(std::string_view text, std::size_t indent, std::size_t width);

} // namespace app
