// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>

namespace core {

/// A cell of a CSV file (RFC 4180): quoted where it must be. A text that a spreadsheet would run as a formula (it
/// begins with = + - @, a tab or a line break, and is no number) gets an apostrophe in front.
std::string csvCell(std::string_view text);

} // namespace core
