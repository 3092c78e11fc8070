// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <algorithm>
#include <string_view>

/// Texts compared with A to Z and a to z alike; all else counts byte by byte.
namespace core {

constexpr char asciiLower(char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

inline bool equalsInAnyCase(std::string_view a, std::string_view b) {
    return std::ranges::equal(a, b, {}, asciiLower, asciiLower);
}

inline bool containsInAnyCase(std::string_view text, std::string_view wanted) {
    return wanted.empty() || !std::ranges::search(text, wanted, {}, asciiLower, asciiLower).empty();
}

} // namespace core
