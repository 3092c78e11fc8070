// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

/// The texts of an event's JSON, written without allocation. Each write function answers the place after what it wrote.
namespace core {

inline char* writeText(char* out, std::string_view text) {
    std::memcpy(out, text.data(), text.size());
    return out + text.size();
}

/// 16 lower-case hexadecimal digits.
char* writeHex(char* out, std::uint64_t value);
/// Decimal digits, at most 20.
char* writeNumber(char* out, std::uint64_t value);

/// Escapes what JSON does not allow in a string (RFC 8259, section 7) and nothing else.
void appendEscaped(std::string_view text, std::string& out);

} // namespace core
