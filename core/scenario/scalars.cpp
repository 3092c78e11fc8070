// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/scenario/scalars.h"

#include "core/scenario/quantities.h"
#include "core/text/wording.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace core {

namespace {

bool isControl(char c) {
    return static_cast<unsigned char>(c) < 0x20 || c == 0x7F;
}

std::size_t characters(std::string_view text) {
    return static_cast<std::size_t>(
        std::ranges::count_if(text, [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
}

/// A scalar that a quantity is read from; lists, mappings and nothing are refused.
bool holdsQuantity(const Cursor& at, std::string_view expected) {
    if (at.isScalar() && !at.isNothing()) {
        return true;
    }
    at.refuseKind(expected);
    return false;
}

template <typename T>
std::optional<T> readQuantity(const Cursor& at, std::string_view expected, Result<T> (*parse)(std::string_view)) {
    if (!holdsQuantity(at, expected)) {
        return std::nullopt;
    }
    const Result<T> value = parse(at.node->text);
    if (value) {
        return *value;
    }
    at.refuse(fmt::format("{} {}", inQuotes(at.node->written), value.error().text()));
    return std::nullopt;
}

std::string written(Nanoseconds duration) {
    using namespace std::chrono;
    if (duration % 1h == 0ns && duration != 0ns) {
        return fmt::format("{}h", duration / 1h);
    }
    if (duration % 1min == 0ns && duration != 0ns) {
        return fmt::format("{}m", duration / 1min);
    }
    if (duration % 1s == 0ns) {
        return fmt::format("{}s", duration / 1s);
    }
    return duration % 1ms == 0ns ? fmt::format("{}ms", duration / 1ms) : fmt::format("{}ns", duration / 1ns);
}

std::string written(Bytes bytes) {
    if (bytes.count % (1024 * 1024) == 0 && bytes.count != 0) {
        return fmt::format("{}MiB", bytes.count / (1024 * 1024));
    }
    return bytes.count % 1024 == 0 && bytes.count != 0 ? fmt::format("{}KiB", bytes.count / 1024)
                                                       : fmt::format("{}B", bytes.count);
}

} // namespace

std::optional<std::string> readText(const Cursor& at, TextLimits limits) {
    if (!at.isText()) {
        if (at.isScalar() && !at.isNothing()) {
            at.refuse(fmt::format("expected a text; put {} in quotes", shown(at.node->written)));
        } else {
            at.refuseKind("a text");
        }
        return std::nullopt;
    }
    const std::string& text = at.node->text;
    const std::size_t length = characters(text);
    if (length < limits.shortest || length > limits.longest) {
        at.refuse(length == 0 ? std::string("must not be empty")
                              : fmt::format("is {} characters long; at most {}", length, limits.longest));
        return std::nullopt;
    }
    if (std::ranges::any_of(text, isControl)) {
        at.refuse("must not hold control characters, line ends or tabs");
        return std::nullopt;
    }
    return text;
}

std::optional<std::uint64_t> readInteger(const Cursor& at, IntegerLimits limits) {
    constexpr std::string_view kExpected = "a whole number";
    if (!at.isPlain()) {
        at.refuseKind(kExpected);
        return std::nullopt;
    }
    const std::string& text = at.node->text;
    std::uint64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    const bool isNegative =
        text.size() > 1 && text[0] == '-' && text.find_first_not_of("0123456789", 1) == std::string::npos;
    const bool isTooLarge = error == std::errc::result_out_of_range;
    const bool isWhole = error == std::errc() && end == text.data() + text.size() && (text == "0" || text[0] != '0');
    if (!isWhole && !isNegative && !isTooLarge) {
        at.refuse(fmt::format("{} is not a whole number", inQuotes(at.node->written)));
        return std::nullopt;
    }
    if (isNegative || isTooLarge || value < limits.lowest || value > limits.highest) {
        at.refuse(
            fmt::format("{} is out of range; {} to {}", inQuotes(at.node->written), limits.lowest, limits.highest));
        return std::nullopt;
    }
    return value;
}

std::optional<double> readPositiveNumber(const Cursor& at, double highest) {
    if (!at.isPlain()) {
        at.refuseKind("a number");
        return std::nullopt;
    }
    const std::string_view text = at.node->text;
    const bool isNegative = text.starts_with('-');
    const std::optional<double> value = parseNumber(text.substr(isNegative ? 1 : 0));
    if (!value) {
        at.refuse(fmt::format("{} is not a number", inQuotes(at.node->written)));
        return std::nullopt;
    }
    if (isNegative || *value <= 0 || *value > highest) {
        at.refuse(fmt::format("{} is out of range; above 0 and at most {}", inQuotes(at.node->written), highest));
        return std::nullopt;
    }
    return value;
}

std::optional<bool> readBool(const Cursor& at) {
    if (at.isPlain() && (at.node->text == "true" || at.node->text == "false")) {
        return at.node->text == "true";
    }
    if (!at.isBroken()) {
        at.refuse("expected true or false");
    }
    return std::nullopt;
}

std::optional<Nanoseconds> readDuration(const Cursor& at, DurationLimits limits) {
    const auto value = readQuantity<Nanoseconds>(at, "a duration such as 60s", parseDuration);
    if (!value || (*value >= limits.shortest && *value <= limits.longest)) {
        return value;
    }
    at.refuse(*value < limits.shortest
                  ? fmt::format("{} is too short; at least {}", inQuotes(at.node->written), written(limits.shortest))
                  : fmt::format("{} is too long; at most {}", inQuotes(at.node->written), written(limits.longest)));
    return std::nullopt;
}

std::optional<Nanoseconds> readPositiveDuration(const Cursor& at) {
    const auto value = readDuration(at);
    if (value && *value == Nanoseconds(0)) {
        at.refuse("must be longer than 0s");
        return std::nullopt;
    }
    return value;
}

std::optional<Rate> readRate(const Cursor& at) {
    return readQuantity<Rate>(at, "a rate such as 1000/s", parseRate);
}

std::optional<Rate> readPositiveRate(const Cursor& at) {
    const auto value = readRate(at);
    if (value && *value == Rate{}) {
        at.refuse("must be more than 0/s; for a time without load write {pause: …}");
        return std::nullopt;
    }
    return value;
}

std::optional<Bytes> readBytes(const Cursor& at, Bytes lowest, Bytes highest) {
    const auto value = readQuantity<Bytes>(at, "a size such as 64KiB", parseBytes);
    if (!value || (*value >= lowest && *value <= highest)) {
        return value;
    }
    at.refuse(
        fmt::format("{} is out of range; {} to {}", inQuotes(at.node->written), written(lowest), written(highest)));
    return std::nullopt;
}

std::optional<Ratio> readPercent(const Cursor& at, Ratio highest) {
    const auto value = readQuantity<Ratio>(at, "a percentage such as 1%", parsePercent);
    if (!value || *value <= highest) {
        return value;
    }
    at.refuse(fmt::format("{} is more than {}%", inQuotes(at.node->written), highest.value * 100));
    return std::nullopt;
}

std::optional<std::size_t> readChoice(const Cursor& at, std::span<const std::string_view> names) {
    if (!at.isScalar()) {
        at.refuseKind(listed(names, "or"));
        return std::nullopt;
    }
    const auto found = std::ranges::find(names, std::string_view(at.node->text));
    if (found != names.end()) {
        return static_cast<std::size_t>(found - names.begin());
    }
    const auto meant = nearest(at.node->written, names);
    at.refuse(fmt::format("{} is not one of {}{}", inQuotes(at.node->written), listed(names, "and"),
                          meant ? fmt::format("; did you mean {}?", inQuotes(*meant)) : ""));
    return std::nullopt;
}

} // namespace core
