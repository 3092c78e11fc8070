// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/units.h"
#include "core/yaml/cursor.h"

#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace core {

// Each read function takes a scalar's value, or notes what is wrong with it and answers nothing.

struct TextLimits {
    std::size_t shortest = 1; ///< characters
    std::size_t longest = 255;
};
std::optional<std::string> readText(const Cursor& at, TextLimits limits = {});

struct IntegerLimits {
    std::uint64_t lowest = 0;
    std::uint64_t highest = std::numeric_limits<std::uint64_t>::max();
};
std::optional<std::uint64_t> readInteger(const Cursor& at, IntegerLimits limits = {});

std::optional<double> readPositiveNumber(const Cursor& at, double highest);
std::optional<bool> readBool(const Cursor& at);

struct DurationLimits {
    Nanoseconds shortest{};
    Nanoseconds longest = Nanoseconds::max();
};
std::optional<Nanoseconds> readDuration(const Cursor& at, DurationLimits limits = {});
std::optional<Nanoseconds> readPositiveDuration(const Cursor& at);

std::optional<Rate> readRate(const Cursor& at);
std::optional<Rate> readPositiveRate(const Cursor& at);
std::optional<Bytes> readBytes(const Cursor& at, Bytes lowest, Bytes highest);
std::optional<Ratio> readPercent(const Cursor& at, Ratio highest = {1});

/// The place of the text among `names`.
std::optional<std::size_t> readChoice(const Cursor& at, std::span<const std::string_view> names);

} // namespace core
