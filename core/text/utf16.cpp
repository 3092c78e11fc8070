// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/text/utf16.h"

#include <cstdint>

namespace core {

namespace {

constexpr char kNoUtf8 = '\xff';

void appendUtf8(std::string& text, char32_t character) {
    const auto byte = [&text](char32_t value) { text += static_cast<char>(static_cast<std::uint8_t>(value)); };
    const auto continuation = [&](unsigned shift) { byte(0x80U | (character >> shift & 0x3FU)); };
    if (character < 0x80) {
        byte(character);
    } else if (character < 0x800) {
        byte(0xC0U | character >> 6U);
        continuation(0);
    } else if (character < 0x10000) {
        byte(0xE0U | character >> 12U);
        continuation(6);
        continuation(0);
    } else {
        byte(0xF0U | character >> 18U);
        continuation(12);
        continuation(6);
        continuation(0);
    }
}

bool isHigh(char32_t unit) {
    return unit >= 0xD800 && unit < 0xDC00;
}

bool isLow(char32_t unit) {
    return unit >= 0xDC00 && unit < 0xE000;
}

} // namespace

std::string utf8OfUtf16(std::string_view bytes, ByteOrder order) {
    const std::size_t high = order == ByteOrder::BigEndian ? 0 : 1;
    const auto unitAt = [&](std::size_t at) {
        const auto byte = [&](std::size_t place) { return char32_t{static_cast<std::uint8_t>(bytes[place])}; };
        return byte(at + high) << 8U | byte(at + 1 - high);
    };
    std::string text;
    text.reserve(bytes.size());
    std::size_t at = 0;
    for (; at + 1 < bytes.size(); at += 2) {
        const char32_t unit = unitAt(at);
        if (isHigh(unit) && at + 3 < bytes.size() && isLow(unitAt(at + 2))) {
            appendUtf8(text, 0x10000U + ((unit - 0xD800U) << 10U) + (unitAt(at + 2) - 0xDC00U));
            at += 2;
        } else if (isHigh(unit) || isLow(unit)) {
            text += kNoUtf8;
        } else {
            appendUtf8(text, unit);
        }
    }
    if (at < bytes.size()) {
        text += kNoUtf8;
    }
    return text;
}

} // namespace core
