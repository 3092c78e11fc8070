// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/text/utf8.h"

#include <simdjson.h>

#include <algorithm>
#include <cstdint>

namespace core {

namespace {

std::uint8_t byteAt(std::string_view text, std::size_t at) {
    return static_cast<std::uint8_t>(text[at]);
}

bool continues(std::string_view text, std::size_t at) {
    return at < text.size() && (byteAt(text, at) & 0xc0U) == 0x80U;
}

} // namespace

std::size_t characterLength(std::string_view text) {
    if (text.empty()) {
        return 0;
    }
    const std::uint8_t lead = byteAt(text, 0);
    if (lead < 0x80) {
        return 1;
    }
    if (lead < 0xc2 || lead > 0xf4 || !continues(text, 1)) {
        return 0;
    }
    if (lead < 0xe0) {
        return 2;
    }
    // Over-long forms, surrogates and what lies beyond U+10FFFF show in the second byte (RFC 3629, section 4).
    const std::uint8_t second = byteAt(text, 1);
    if ((lead == 0xe0 && second < 0xa0) || (lead == 0xed && second > 0x9f) || (lead == 0xf0 && second < 0x90) ||
        (lead == 0xf4 && second > 0x8f) || !continues(text, 2)) {
        return 0;
    }
    if (lead < 0xf0) {
        return 3;
    }
    return continues(text, 3) ? 4 : 0;
}

bool isUtf8(std::string_view text) {
    return simdjson::validate_utf8(text);
}

std::string_view cutAtCharacter(std::string_view text, std::size_t bytes) {
    if (text.size() <= bytes) {
        return text;
    }
    std::size_t end = bytes;
    while (end > 0 && continues(text, end)) {
        --end;
    }
    return text.substr(0, end);
}

std::string repairedText(std::string text, std::string_view replacement) {
    if (isUtf8(text) && text.find('\0') == std::string::npos) {
        return text;
    }
    std::string result;
    result.reserve(text.size() + 16);
    for (std::string_view rest = text; !rest.empty();) {
        const std::size_t length = rest.front() == '\0' ? 0 : characterLength(rest);
        result += length == 0 ? replacement : rest.substr(0, length);
        rest.remove_prefix(std::max<std::size_t>(length, 1));
    }
    return result;
}

} // namespace core
