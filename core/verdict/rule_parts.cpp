// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/verdict/rule_parts.h"

#include "core/scenario/quantities.h"
#include "core/text/wording.h"

#include <fmt/format.h>

#include <array>
#include <utility>

namespace core {

namespace {

using Comparison = Threshold::Comparison;

// Longer signs first, so that '<=' is not read as '<'.
constexpr std::array<std::pair<std::string_view, Comparison>, 5> kComparisons{{
    {"<=", Comparison::LessOrEqual},
    {">=", Comparison::GreaterOrEqual},
    {"==", Comparison::Equal},
    {"<", Comparison::Less},
    {">", Comparison::Greater},
}};

constexpr Nanoseconds kShortestOver = std::chrono::seconds(1);

bool isDigit(char c) {
    return c >= '0' && c <= '9';
}

} // namespace

std::string suggestion(std::string_view name, std::span<const std::string_view> known) {
    if (const auto near = nearest(name, known)) {
        return fmt::format("did you mean {}?", inQuotes(*near));
    }
    return "expected " + listed(known, "or");
}

std::optional<double> percentileOf(std::string_view name) {
    return name.starts_with('p') ? parseNumber(name.substr(1)) : std::nullopt;
}

Status readStatistic(RuleCursor& cursor, Threshold::Statistic& statistic, double& percentile) {
    const auto position = cursor.position();
    const auto name = cursor.word();
    if (name == "mean" || name == "max") {
        statistic = name == "mean" ? Threshold::Statistic::Mean : Threshold::Statistic::Max;
        return {};
    }
    const auto number = percentileOf(name);
    if (!number || *number <= 0 || *number >= 100) {
        const auto found = name.empty() ? cursor.found() : inQuotes(name);
        const std::string hint = number && *number >= 100 ? "; the highest value is 'max'" : "";
        return cursor.at(position,
                         fmt::format("expected a statistic (p50 to p99.99, mean or max), found {}{}", found, hint));
    }
    percentile = *number;
    return {};
}

Status readOver(RuleCursor& cursor, Nanoseconds& over) {
    const auto position = cursor.position();
    const auto text = cursor.word();
    const auto length = parseDuration(text);
    if (!length) {
        return cursor.at(position, inQuotes(text) + " " + length.error().text());
    }
    if (*length < kShortestOver) {
        return cursor.at(position, "'over' takes at least 1s, found " + inQuotes(text));
    }
    over = *length;
    return {};
}

Status readComparison(RuleCursor& cursor, Threshold::Comparison& comparison) {
    for (const auto& [sign, meaning] : kComparisons) {
        if (cursor.accept(sign)) {
            comparison = meaning;
            return {};
        }
    }
    return cursor.expected("a comparison (<, <=, >, >= or ==)");
}

std::optional<std::string> withoutSpace(std::string_view text) {
    std::string out;
    bool space = false;
    for (const char c : text) {
        if (RuleCursor::isSpace(c)) {
            space = true;
            continue;
        }
        if (space && isDigit(c) && !out.empty() && isDigit(out.back())) {
            return std::nullopt;
        }
        out += c;
        space = false;
    }
    return out;
}

std::string_view trimmed(std::string_view text) {
    while (!text.empty() && RuleCursor::isSpace(text.front())) {
        text.remove_prefix(1);
    }
    while (!text.empty() && RuleCursor::isSpace(text.back())) {
        text.remove_suffix(1);
    }
    return text;
}

} // namespace core
