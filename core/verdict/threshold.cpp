// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/verdict/threshold.h"

#include "core/scenario/quantities.h"
#include "core/text/wording.h"
#include "core/verdict/rule_cursor.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

namespace core {

namespace {

using Quantity = Threshold::Quantity;
using Comparison = Threshold::Comparison;

constexpr std::array<std::pair<std::string_view, Quantity>, 18> kQuantities{{
    {"throughput", Quantity::Throughput},
    {"error_rate", Quantity::ErrorRate},
    {"backlog", Quantity::Backlog},
    {"drain_time", Quantity::DrainTime},
    {"lost", Quantity::Lost},
    {"doubled", Quantity::Doubled},
    {"undrained", Quantity::Undrained},
    {"unsent", Quantity::Unsent},
    {"failed", Quantity::Failed},
    {"in_doubt", Quantity::InDoubt},
    {"duplicate", Quantity::Duplicate},
    {"dead_lettered", Quantity::DeadLettered},
    {"unexpected", Quantity::Unexpected},
    {"reordered", Quantity::Reordered},
    {"foreign", Quantity::Foreign},
    {"abandoned", Quantity::Abandoned},
    {"recovered", Quantity::Recovered},
    {"shed", Quantity::Shed},
}};

// Longer signs first, so that '<=' is not read as '<'.
constexpr std::array<std::pair<std::string_view, Comparison>, 5> kComparisons{{
    {"<=", Comparison::LessOrEqual},
    {">=", Comparison::GreaterOrEqual},
    {"==", Comparison::Equal},
    {"<", Comparison::Less},
    {">", Comparison::Greater},
}};

constexpr std::array kSpanMetrics{Metric::SendDelay, Metric::Ack, Metric::EndToEnd};
constexpr Nanoseconds kShortestOver = std::chrono::seconds(1);

std::optional<Metric> metricOf(std::string_view name) {
    const auto found = std::ranges::find(kMetrics, name, [](Metric metric) { return nameOf(metric); });
    return found == kMetrics.end() ? std::nullopt : std::optional(*found);
}

/// " did you mean 'x'?" or what there is.
std::string suggestion(std::string_view name, std::span<const std::string_view> known) {
    if (const auto near = nearest(name, known)) {
        return fmt::format("did you mean {}?", inQuotes(*near));
    }
    return "expected " + listed(known, "or");
}

/// 99 of "p99"; nothing: it is no percentile.
std::optional<double> percentileOf(std::string_view name) {
    return name.starts_with('p') ? parseNumber(name.substr(1)) : std::nullopt;
}

Error unknownSubject(const RuleCursor& cursor, std::size_t position, std::string_view name) {
    std::vector<std::string_view> known;
    for (const auto metric : kMetrics) {
        known.push_back(nameOf(metric));
    }
    for (const auto& quantity : kQuantities) {
        known.push_back(quantity.first);
    }
    const auto what = name.empty() ? "a rule begins with what it is about" : inQuotes(name) + " is not measured";
    if (name == "mean" || name == "max" || percentileOf(name)) {
        return cursor.at(position,
                         fmt::format("{}; did you mean {}?", what, inQuotes(fmt::format("end_to_end {}", name))));
    }
    return cursor.at(position, fmt::format("{}; {}", what, suggestion(name, known)));
}

Status readStatistic(RuleCursor& cursor, Threshold& rule) {
    const auto position = cursor.position();
    const auto name = cursor.word();
    if (name == "mean" || name == "max") {
        rule.statistic = name == "mean" ? Threshold::Statistic::Mean : Threshold::Statistic::Max;
        return {};
    }
    const auto number = percentileOf(name);
    if (!number || *number <= 0 || *number >= 100) {
        const auto found = name.empty() ? cursor.found() : inQuotes(name);
        const std::string hint = number && *number >= 100 ? "; the highest value is 'max'" : "";
        return cursor.at(position,
                         fmt::format("expected a statistic (p50 to p99.99, mean or max), found {}{}", found, hint));
    }
    rule.percentile = *number;
    return {};
}

Status readTier(RuleCursor& cursor, Threshold& rule) {
    const auto position = cursor.position();
    const auto name = cursor.word();
    const auto found = std::ranges::find(kTiers, name, [](Tier tier) { return nameOf(tier); });
    if (found == kTiers.end()) {
        std::vector<std::string_view> known;
        for (const auto tier : kTiers) {
            known.push_back(nameOf(tier));
        }
        return cursor.at(position, fmt::format("{} is not a tier; {}", inQuotes(name), suggestion(name, known)));
    }
    rule.tier = *found;
    return cursor.accept("}") ? Status() : Status(cursor.expected("'}' after the tier"));
}

Status readOver(RuleCursor& cursor, Threshold& rule) {
    const auto position = cursor.position();
    const auto text = cursor.word();
    const auto length = parseDuration(text);
    if (!length) {
        return cursor.at(position, inQuotes(text) + " " + length.error().text());
    }
    if (*length < kShortestOver) {
        return cursor.at(position, "'over' takes at least 1s, found " + inQuotes(text));
    }
    rule.over = *length;
    return {};
}

Status readSubject(RuleCursor& cursor, Threshold& rule) {
    const auto position = cursor.position();
    const auto name = cursor.word();
    const auto metric = metricOf(name);
    if (!metric) {
        const auto found = std::ranges::find(kQuantities, name, [](const auto& entry) { return entry.first; });
        if (found == kQuantities.end()) {
            return unknownSubject(cursor, position, name);
        }
        rule.quantity = found->second;
        return {};
    }
    rule.quantity = Quantity::Latency;
    rule.metric = *metric;
    if (cursor.accept("{")) {
        if (auto tier = readTier(cursor, rule); !tier) {
            return tier;
        }
    }
    if (auto statistic = readStatistic(cursor, rule); !statistic) {
        return statistic;
    }
    auto ahead = cursor;
    if (ahead.word() == "over") {
        cursor = ahead;
        return readOver(cursor, rule);
    }
    return {};
}

Status readComparison(RuleCursor& cursor, Threshold& rule) {
    for (const auto& [sign, comparison] : kComparisons) {
        if (cursor.accept(sign)) {
            rule.comparison = comparison;
            return {};
        }
    }
    return cursor.expected("a comparison (<, <=, >, >= or ==)");
}

bool isDigit(char c) {
    return c >= '0' && c <= '9';
}

/// The value without its white space; nothing where that would join two numbers.
std::optional<std::string> joined(std::string_view text) {
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

Result<double> throughputLimit(const std::string& text, Threshold& rule) {
    constexpr std::string_view kOfTarget = "oftarget";
    if (text.ends_with(kOfTarget)) {
        rule.ofTarget = true;
        const auto share = parsePercent(std::string_view(text).substr(0, text.size() - kOfTarget.size()));
        return share ? Result<double>(share->value) : share.error();
    }
    if (text.ends_with('%')) {
        return invalid("is a share of what? write it as 99% of target");
    }
    const auto rate = parseRate(text);
    return rate ? Result<double>(rate->perSecond) : rate.error();
}

/// The limit in the quantity's unit. An error completes a sentence that begins with the text.
Result<double> limitOf(const std::string& text, Threshold& rule) {
    switch (rule.quantity) {
    case Quantity::Latency:
    case Quantity::DrainTime: {
        const auto duration = parseDuration(text);
        return duration ? Result<double>(static_cast<double>(duration->count()) / 1e3) : duration.error();
    }
    case Quantity::Throughput:
        return throughputLimit(text, rule);
    case Quantity::ErrorRate: {
        if (text == "0") {
            return 0.0;
        }
        const auto share = parsePercent(text);
        return share ? Result<double>(share->value) : share.error();
    }
    default: {
        const auto number = parseNumber(text);
        return number && *number == std::floor(*number) ? Result<double>(*number)
                                                        : invalid("is not a whole number; write a count, as 0 or 500");
    }
    }
}

Status readLimit(RuleCursor& cursor, Threshold& rule) {
    if (cursor.atEnd()) {
        return cursor.expected("a value to compare with");
    }
    const auto position = cursor.position();
    const auto text = cursor.rest();
    const auto value = joined(text);
    const auto limit = value ? limitOf(*value, rule) : invalid("is more than one value");
    if (!limit) {
        return cursor.at(position, inQuotes(text) + " " + limit.error().text());
    }
    rule.limit = *limit;
    return {};
}

Status checkDuring(const Threshold& rule) {
    if (rule.during.empty() || rule.quantity == Quantity::Throughput) {
        return {};
    }
    if (rule.quantity != Quantity::Latency) {
        return invalid(
            "'during' is not possible here: this is counted for the whole run only; it works with send_delay, "
            "ack, end_to_end and throughput");
    }
    if (std::ranges::find(kSpanMetrics, rule.metric) == kSpanMetrics.end()) {
        return invalid(fmt::format("'during' is not possible here: {} is kept for the whole run only; it works with "
                                   "send_delay, ack, end_to_end and throughput",
                                   nameOf(rule.metric)));
    }
    if (rule.tier) {
        return invalid("'during' and a tier cannot be combined; a stream has one tier, so name the stream alone");
    }
    return {};
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

} // namespace

Result<Threshold> Threshold::parse(const ThresholdSpec& spec) {
    Threshold rule;
    rule.text = trimmed(spec.rule);
    rule.during = spec.during;
    rule.abort = spec.abort;
    RuleCursor cursor(spec.rule);
    for (auto* const read : {readSubject, readComparison, readLimit}) {
        if (const auto status = read(cursor, rule); !status) {
            return status.error();
        }
    }
    if (const auto status = checkDuring(rule); !status) {
        return status.error();
    }
    return rule;
}

std::string_view nameOf(RuleStatus status) {
    switch (status) {
    case RuleStatus::Passed:
        return "passed";
    case RuleStatus::Failed:
        return "failed";
    case RuleStatus::NotEvaluated:
        return "not evaluated";
    }
    return {};
}

} // namespace core
