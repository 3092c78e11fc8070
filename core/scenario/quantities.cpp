// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/scenario/quantities.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <utility>

namespace core {

namespace {

struct Unit {
    std::string_view name;
    double factor;
};

// From the largest to the smallest: combined durations follow this order. Both letters that look like µ count.
constexpr std::array<Unit, 8> kTimeUnits{
    {{"h", 3.6e12}, {"m", 6e10}, {"s", 1e9}, {"ms", 1e6}, {"us", 1e3}, {"\u00B5s", 1e3}, {"\u03BCs", 1e3}, {"ns", 1}}};
constexpr std::array<Unit, 3> kPeriods{{{"/s", 1}, {"/m", 60}, {"/h", 3600}}};
constexpr std::array<Unit, 6> kByteUnits{
    {{"B", 1}, {"kB", 1e3}, {"MB", 1e6}, {"KiB", 1024}, {"MiB", 1024 * 1024}, {"GiB", 1024 * 1024 * 1024}}};

// More digits would be more than a double holds.
constexpr std::size_t kMostWholeDigits = 12;
constexpr std::size_t kMostFractionDigits = 9;

constexpr double kMostBytes = 1024.0 * 1024 * 1024 * 1024;

bool isDigit(char c) {
    return c >= '0' && c <= '9';
}

std::size_t digitsAtFront(std::string_view text) {
    const auto* end = std::ranges::find_if_not(text, isDigit);
    return static_cast<std::size_t>(end - text.begin());
}

/// How many characters of the number stand at the front of the text; 0: none, or not as we write numbers.
std::size_t numberLength(std::string_view text) {
    const std::size_t whole = digitsAtFront(text);
    if (whole == 0 || whole > kMostWholeDigits || (whole > 1 && text[0] == '0')) {
        return 0;
    }
    if (whole == text.size() || text[whole] != '.') {
        return whole;
    }
    const std::size_t fraction = digitsAtFront(text.substr(whole + 1));
    return fraction == 0 || fraction > kMostFractionDigits ? 0 : whole + 1 + fraction;
}

/// Takes the number off the front of the text.
std::optional<double> takeNumber(std::string_view& text) {
    const std::size_t length = numberLength(text);
    double value = 0;
    const std::string_view number = text.substr(0, length);
    if (length == 0 || std::from_chars(number.data(), number.data() + number.size(), value).ec != std::errc()) {
        return std::nullopt;
    }
    text.remove_prefix(length);
    return value;
}

/// Takes everything up to the next digit off the front of the text.
std::string_view takeUnit(std::string_view& text) {
    const auto* end = std::ranges::find_if(text, isDigit);
    const std::string_view unit = text.substr(0, static_cast<std::size_t>(end - text.begin()));
    text.remove_prefix(unit.size());
    return unit;
}

} // namespace

std::optional<double> parseNumber(std::string_view text) {
    const std::optional<double> value = takeNumber(text);
    return text.empty() ? value : std::nullopt;
}

Result<Nanoseconds> parseDuration(std::string_view text) {
    if (parseNumber(text)) {
        return invalid("has no unit; add a unit: ns, us, ms, s, m or h, as in 60s");
    }
    const Error malformed =
        invalid("is not a duration; write a number with ns, us, ms, s, m or h, for example 60s or 1m30s");
    double sum = 0;
    const Unit* smallest = nullptr;
    do {
        const std::optional<double> number = takeNumber(text);
        const std::string_view name = takeUnit(text);
        const auto* unit = std::ranges::find(kTimeUnits, name, &Unit::name);
        const bool inOrder = unit != kTimeUnits.end() && (smallest == nullptr || unit->factor < smallest->factor);
        if (!number || !inOrder) {
            return malformed;
        }
        smallest = unit;
        sum += *number * unit->factor;
    } while (!text.empty());
    if (sum > static_cast<double>(kLongestDuration.count())) {
        return invalid("is too long; at most 8784h (366 days)");
    }
    if (sum > 0 && sum < 1) {
        return invalid("is shorter than a nanosecond");
    }
    return Nanoseconds(std::llround(sum));
}

Result<Rate> parseRate(std::string_view text) {
    if (parseNumber(text)) {
        return invalid("has no unit; add a unit: /s, /m or /h, as in 1000/s");
    }
    const Error malformed =
        invalid("is not a rate; write events per second, minute or hour, for example 1000/s, 10k/s, 90/m or 1/h");
    const std::optional<double> number = takeNumber(text);
    if (!number) {
        return malformed;
    }
    double factor = 1;
    if (text.starts_with('k')) {
        factor = 1000;
        text.remove_prefix(1);
    }
    const auto* const period = std::ranges::find(kPeriods, text, &Unit::name);
    if (period == kPeriods.end()) {
        return malformed;
    }
    const Rate rate{*number * factor / period->factor};
    if (rate > kHighestRate) {
        return invalid("is too high; at most 10000k/s");
    }
    return rate;
}

Result<Bytes> parseBytes(std::string_view text) {
    if (parseNumber(text)) {
        return invalid("has no unit; add a unit: B, KiB, MiB, GiB, kB or MB, as in 64KiB");
    }
    const std::optional<double> number = takeNumber(text);
    const auto* unit = std::ranges::find(kByteUnits, text, &Unit::name);
    if (!number || unit == kByteUnits.end()) {
        return invalid("is not a size; write a number with B, KiB, MiB, GiB, kB or MB, for example 64KiB");
    }
    const double bytes = *number * unit->factor;
    if (bytes > kMostBytes) {
        return invalid("is too large; at most 1024GiB");
    }
    if (bytes != std::floor(bytes)) {
        return invalid("is not a whole number of bytes");
    }
    return Bytes{static_cast<std::uint64_t>(bytes)};
}

Result<Ratio> parsePercent(std::string_view text) {
    if (parseNumber(text)) {
        return invalid("has no unit; add %, as in 1%");
    }
    const std::optional<double> number = takeNumber(text);
    if (!number || text != "%") {
        return invalid("is not a share; write a percentage, for example 1% or 0.1%");
    }
    if (*number > 100) {
        return invalid("is more than 100%");
    }
    return Ratio{*number / 100};
}

} // namespace core
