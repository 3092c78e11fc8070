// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <charconv>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>

namespace core {

/// For programs that read it: at most so many decimals, no separators; empty where the value is not known.
std::string plainNumber(double value, int decimals = 3);

/// The whole text as a number, as std::from_chars reads it; nothing if it is not one, or does not fit.
template <typename Number>
std::optional<Number> numberFrom(std::string_view text) {
    Number value{};
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    return error == std::errc() && end == text.data() + text.size() ? std::optional(value) : std::nullopt;
}

} // namespace core
