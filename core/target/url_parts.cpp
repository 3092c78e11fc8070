// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/target/url_parts.h"

#include <algorithm>

namespace core {

namespace {

constexpr std::string_view kHex = "0123456789ABCDEF";

int hexOf(char c) {
    const char upper = c >= 'a' && c <= 'f' ? static_cast<char>(c - 'a' + 'A') : c;
    const std::size_t at = kHex.find(upper);
    return at == std::string_view::npos ? -1 : static_cast<int>(at);
}

bool isAllowedAtFront(std::string_view text) {
    const auto c = static_cast<unsigned char>(text[0]);
    return c > ' ' && c != 0x7F && c != '#' && (c != '%' || percentEscape(text).value_or('\0') != '\0');
}

bool isUnreserved(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view("-._~").find(c) != std::string_view::npos;
}

} // namespace

std::optional<char> percentEscape(std::string_view text) {
    if (text.size() < 3 || text[0] != '%' || hexOf(text[1]) < 0 || hexOf(text[2]) < 0) {
        return std::nullopt;
    }
    return static_cast<char>(hexOf(text[1]) * 16 + hexOf(text[2]));
}

Result<UrlParts> cutUrl(std::string_view text) {
    constexpr std::string_view kBehindScheme = "://";
    const Error refused = invalid(std::string(kReservedHint));
    const std::size_t scheme = text.find(kBehindScheme);
    if (scheme == std::string_view::npos || std::ranges::count(text, '@') > 1) {
        return refused;
    }
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (!isAllowedAtFront(text.substr(i))) {
            return refused;
        }
    }
    UrlParts parts;
    parts.scheme = text.substr(0, scheme);
    std::string_view rest = text.substr(scheme + kBehindScheme.size());
    if (const std::size_t question = rest.find('?'); question != std::string_view::npos) {
        parts.query = rest.substr(question + 1);
        rest = rest.substr(0, question);
    }
    if (const std::size_t slash = rest.find('/'); slash != std::string_view::npos) {
        parts.path = rest.substr(slash + 1);
        rest = rest.substr(0, slash);
    }
    if (const std::size_t at = rest.find('@'); at != std::string_view::npos) {
        parts.login = rest.substr(0, at);
        rest.remove_prefix(at + 1);
    } else if (text.find('@') != std::string_view::npos) {
        return refused;
    }
    parts.servers = rest;
    return parts;
}

std::string percentDecoded(std::string_view text) {
    std::string plain;
    while (!text.empty()) {
        const auto escaped = percentEscape(text);
        plain += escaped.value_or(text[0]);
        text.remove_prefix(escaped ? 3 : 1);
    }
    return plain;
}

std::string percentEncoded(std::string_view text) {
    std::string encoded;
    for (const char c : text) {
        if (isUnreserved(c)) {
            encoded += c;
            continue;
        }
        const auto byte = static_cast<unsigned char>(c);
        encoded += {'%', kHex[byte / 16], kHex[byte % 16]};
    }
    return encoded;
}

} // namespace core
