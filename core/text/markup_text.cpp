// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/text/markup_text.h"

#include <cstddef>

namespace core {
namespace {

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";

bool isContinuation(char c) {
    return (static_cast<unsigned char>(c) & 0xC0U) == 0x80U;
}

/// How many bytes the first byte of a character announces; 0: it begins none.
std::size_t announced(unsigned char lead) {
    if (lead < 0x80) {
        return 1;
    }
    if (lead >= 0xC2 && lead < 0xE0) {
        return 2;
    }
    if (lead >= 0xE0 && lead < 0xF0) {
        return 3;
    }
    return lead >= 0xF0 && lead < 0xF5 ? 4 : 0;
}

/// Overlong forms, surrogates, values beyond U+10FFFF (RFC 3629), and U+FFFE and U+FFFF, which XML refuses.
bool isRefused(std::string_view character) {
    const auto lead = static_cast<unsigned char>(character[0]);
    const auto second = static_cast<unsigned char>(character.size() > 1 ? character[1] : 0);
    if (character.size() == 1) {
        return (lead < 0x20 && lead != '\t' && lead != '\n' && lead != '\r') || lead == 0x7F;
    }
    if (character.size() == 3) {
        return (lead == 0xE0 && second < 0xA0) || (lead == 0xED && second >= 0xA0) ||
               (lead == 0xEF && second == 0xBF && static_cast<unsigned char>(character[2]) >= 0xBE);
    }
    return character.size() == 4 && ((lead == 0xF0 && second < 0x90) || (lead == 0xF4 && second >= 0x90));
}

/// The whole character at `at`; empty: what stands there is none.
std::string_view characterAt(std::string_view text, std::size_t at) {
    const std::size_t length = announced(static_cast<unsigned char>(text[at]));
    if (length == 0 || at + length > text.size()) {
        return {};
    }
    const std::string_view character = text.substr(at, length);
    for (const char c : character.substr(1)) {
        if (!isContinuation(c)) {
            return {};
        }
    }
    return isRefused(character) ? std::string_view() : character;
}

std::string_view entityOf(char c) {
    switch (c) {
    case '&':
        return "&amp;";
    case '<':
        return "&lt;";
    case '>':
        return "&gt;";
    case '"':
        return "&quot;";
    case '\'':
        return "&#39;";
    default:
        return {};
    }
}

} // namespace

std::string markupText(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    for (std::size_t at = 0; at < text.size();) {
        const std::string_view character = characterAt(text, at);
        const std::string_view entity = entityOf(text[at]);
        out += character.empty() ? kReplacement : entity.empty() ? character : entity;
        at += character.empty() ? 1 : character.size();
    }
    return out;
}

std::string shortened(std::string_view text, std::size_t characters) {
    std::size_t seen = 0, keep = 0;
    for (std::size_t at = 0; at < text.size(); ++at) {
        if (isContinuation(text[at])) {
            continue;
        }
        if (seen + 1 == characters) {
            keep = at;
        }
        if (++seen > characters) {
            return std::string(text.substr(0, keep)) + "…";
        }
    }
    return std::string(text);
}

} // namespace core
