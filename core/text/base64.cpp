// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/text/base64.h"

#include <algorithm>
#include <array>
#include <cstdint>

namespace core {

namespace {

constexpr std::string_view kAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::uint8_t kNoDigit = 0xff;

constexpr auto kDigits = [] {
    std::array<std::uint8_t, 256> digits{};
    digits.fill(kNoDigit);
    for (std::size_t i = 0; i < kAlphabet.size(); ++i) {
        digits[static_cast<std::uint8_t>(kAlphabet[i])] = static_cast<std::uint8_t>(i);
    }
    return digits;
}();

} // namespace

std::string toBase64(std::string_view bytes) {
    std::string text;
    text.reserve((bytes.size() + 2) / 3 * 4);
    for (std::size_t i = 0; i < bytes.size(); i += 3) {
        const auto left = std::min<std::size_t>(bytes.size() - i, 3);
        std::uint32_t group = 0;
        for (std::size_t k = 0; k < 3; ++k) {
            group = (group << 8U) | (k < left ? static_cast<std::uint8_t>(bytes[i + k]) : 0U);
        }
        for (std::size_t k = 0; k < 4; ++k) {
            text += k <= left ? kAlphabet[(group >> (18U - 6U * k)) & 63U] : '=';
        }
    }
    return text;
}

std::optional<std::string> fromBase64(std::string_view text) {
    if (text.size() % 4 != 0) {
        return std::nullopt;
    }
    std::size_t padding = 0;
    while (padding < 2 && padding < text.size() && text[text.size() - 1 - padding] == '=') {
        ++padding;
    }
    std::string bytes;
    bytes.reserve(text.size() / 4 * 3);
    std::uint32_t group = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const bool pad = i + padding >= text.size();
        const auto digit = pad ? std::uint8_t{0} : kDigits[static_cast<std::uint8_t>(text[i])];
        if (digit == kNoDigit) {
            return std::nullopt;
        }
        group = (group << 6U) | digit;
        if (i % 4 == 3) {
            for (const auto shift : {16U, 8U, 0U}) {
                bytes += static_cast<char>(group >> shift);
            }
            group = 0;
        }
    }
    bytes.erase(bytes.size() - std::min(padding, bytes.size()));
    return bytes;
}

} // namespace core
