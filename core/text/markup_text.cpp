// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/text/markup_text.h"

#include "core/text/utf8.h"

#include <cstddef>

namespace core {
namespace {

bool isContinuation(char c) {
    return (static_cast<unsigned char>(c) & 0xC0U) == 0x80U;
}

/// Control characters, U+FFFE and U+FFFF: XML 1.0 refuses them.
bool isRefused(std::string_view character) {
    const auto lead = static_cast<unsigned char>(character.front());
    const bool control = (lead < 0x20 && lead != '\t' && lead != '\n' && lead != '\r') || lead == 0x7F;
    return control || character == "\xEF\xBF\xBE" || character == "\xEF\xBF\xBF";
}

/// The whole character at `at`; empty: what stands there is none.
std::string_view characterAt(std::string_view text, std::size_t at) {
    const std::string_view character = text.substr(at, characterLength(text.substr(at)));
    return character.empty() || isRefused(character) ? std::string_view() : character;
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
        out += character.empty() ? kReplacementCharacter : entity.empty() ? character : entity;
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
