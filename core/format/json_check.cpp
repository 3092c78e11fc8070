// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/format/json_check.h"

#include <cstddef>

namespace core {

namespace {

/// Takes the digits at the front of the token; answers how many.
std::size_t takeDigits(std::string_view& token) {
    std::size_t digits = 0;
    while (digits < token.size() && token[digits] >= '0' && token[digits] <= '9') {
        ++digits;
    }
    token.remove_prefix(digits);
    return digits;
}

bool takeAnyOf(std::string_view& token, std::string_view characters) {
    if (token.empty() || characters.find(token.front()) == std::string_view::npos) {
        return false;
    }
    token.remove_prefix(1);
    return true;
}

} // namespace

bool isJsonNumber(std::string_view token) {
    takeAnyOf(token, "-");
    const bool zero = token.starts_with('0');
    const std::size_t whole = takeDigits(token);
    if (whole == 0 || (zero && whole > 1)) {
        return false;
    }
    if (takeAnyOf(token, ".") && takeDigits(token) == 0) {
        return false;
    }
    if (takeAnyOf(token, "eE")) {
        takeAnyOf(token, "+-");
        if (takeDigits(token) == 0) {
            return false;
        }
    }
    return token.empty();
}

std::string_view trimmedToken(std::string_view token) {
    while (!token.empty() &&
           (token.back() == ' ' || token.back() == '\n' || token.back() == '\t' || token.back() == '\r')) {
        token.remove_suffix(1);
    }
    return token;
}

} // namespace core
