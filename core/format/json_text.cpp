// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/format/json_text.h"

#include <array>
#include <charconv>

namespace core {

namespace {

constexpr std::string_view kHexDigits = "0123456789abcdef";

/// The two digits of each byte.
constexpr auto kHexPairs = [] {
    std::array<char, 512> pairs{};
    for (std::size_t byte = 0; byte < 256; ++byte) {
        pairs[2 * byte] = kHexDigits[byte >> 4U];
        pairs[2 * byte + 1] = kHexDigits[byte & 0xfU];
    }
    return pairs;
}();

/// Character to follow the backslash; 0: none needed; 'u': the long form.
constexpr auto kEscapes = [] {
    std::array<char, 256> escapes{};
    for (std::size_t control = 0; control < 0x20; ++control) {
        escapes[control] = 'u';
    }
    escapes['"'] = '"';
    escapes['\\'] = '\\';
    escapes['\b'] = 'b';
    escapes['\f'] = 'f';
    escapes['\n'] = 'n';
    escapes['\r'] = 'r';
    escapes['\t'] = 't';
    return escapes;
}();

char escapeOf(char character) {
    return kEscapes[static_cast<std::uint8_t>(character)];
}

/// True if one of the eight bytes is below 0x20, a quote or a backslash (or, harmlessly, in rare cases near one).
bool mayNeedEscape(std::uint64_t bytes) {
    constexpr std::uint64_t kOnes = 0x0101010101010101ULL;
    constexpr std::uint64_t kHighs = 0x8080808080808080ULL;
    const auto hasZero = [](std::uint64_t word) { return (word - kOnes) & ~word & kHighs; };
    const std::uint64_t control = (bytes - kOnes * 0x20U) & ~bytes & kHighs;
    return (control | hasZero(bytes ^ (kOnes * '"')) | hasZero(bytes ^ (kOnes * '\\'))) != 0;
}

/// First place from `from` on that needs an escape, or the end.
std::size_t findEscape(std::string_view text, std::size_t from) {
    std::size_t at = from;
    for (; at + 8 <= text.size(); at += 8) {
        std::uint64_t bytes = 0;
        std::memcpy(&bytes, text.data() + at, 8);
        if (mayNeedEscape(bytes)) {
            break;
        }
    }
    while (at < text.size() && escapeOf(text[at]) == 0) {
        ++at;
    }
    return at;
}

} // namespace

char* writeHex(char* out, std::uint64_t value) {
    for (int shift = 56; shift >= 0; shift -= 8) {
        std::memcpy(out, &kHexPairs[2 * (value >> static_cast<unsigned>(shift) & 0xffU)], 2);
        out += 2;
    }
    return out;
}

char* writeNumber(char* out, std::uint64_t value) {
    return std::to_chars(out, out + 20, value).ptr;
}

void appendEscaped(std::string_view text, std::string& out) {
    std::size_t from = 0;
    while (true) {
        const std::size_t at = findEscape(text, from);
        out.append(text, from, at - from);
        if (at == text.size()) {
            return;
        }
        out += '\\';
        out += escapeOf(text[at]);
        if (escapeOf(text[at]) == 'u') {
            const auto code = static_cast<std::uint8_t>(text[at]);
            out += "00";
            out.append(&kHexPairs[2U * code], 2);
        }
        from = at + 1;
    }
}

} // namespace core
