// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace core {

inline constexpr std::string_view kReplacementCharacter = "\xef\xbf\xbd"; ///< U+FFFD

/// Length of the UTF-8 character (RFC 3629) at the front of `text`; 0 if there is none.
std::size_t characterLength(std::string_view text);

/// Nothing but such characters, NUL among them.
bool isUtf8(std::string_view text);

/// The longest beginning of `text`, valid UTF-8, that has at most `bytes` bytes and ends with a whole character.
std::string_view cutAtCharacter(std::string_view text, std::size_t bytes);

/// The text with the replacement for each byte that belongs to no character, and for each NUL, which no database text
/// holds.
std::string repairedText(std::string text, std::string_view replacement = kReplacementCharacter);

} // namespace core
