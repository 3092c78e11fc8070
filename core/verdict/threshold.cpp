// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/verdict/threshold.h"

#include "core/scenario/quantities.h"
#include "core/text/wording.h"
#include "core/verdict/rule_cursor.h"
#include "core/verdict/rule_parts.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

namespace core {

namespace {

using Quantity = Threshold::Quantity;

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

constexpr std::array kSpanMetrics{Metric::SendDelay, Metric::Ack, Metric::EndToEnd};
std::optional<Metric> metricOf(std::string_view name) {
    const auto found = std::ranges::find(kMetrics, name, [](Metric metric) { return nameOf(metric); });
    return found == kMetrics.end() ? std::nullopt : std::optional(*found);
}

Error unknownSubject(const RuleCursor& cursor, std::size_t position, std::string_view name) {
    std::vector<std::string_view> known;
    for (const auto metric : kMetrics) {
        known.push_back(nameOf(metric));
    }
    for (const auto& quantity : kQuantities) {
        known.push_back(quantity.first);
    }
    if (name == "lag" || name == "lag_s") {
        return cursor.at(position,
                         fmt::format("{} is watched by 'millraced monitor' alone; in a run, 'backlog' is what "
                                     "waits to be stored",
                                     inQuotes(name)));
    }
    const auto what = name.empty() ? "a rule begins with what it is about" : inQuotes(name) + " is not measured";
    if (name == "mean" || name == "max" || percentileOf(name)) {
        return cursor.at(position,
                         fmt::format("{}; did you mean {}?", what, inQuotes(fmt::format("end_to_end {}", name))));
    }
    return cursor.at(position, fmt::format("{}; {}", what, suggestion(name, known)));
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
    if (auto statistic = readStatistic(cursor, rule.statistic, rule.percentile); !statistic) {
        return statistic;
    }
    auto ahead = cursor;
    if (ahead.word() == "over") {
        cursor = ahead;
        return readOver(cursor, rule.over);
    }
    return {};
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
    const auto value = withoutSpace(text);
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

} // namespace

Result<Threshold> Threshold::parse(const ThresholdSpec& spec) {
    Threshold rule;
    rule.text = trimmed(spec.rule);
    rule.during = spec.during;
    rule.abort = spec.abort;
    RuleCursor cursor(spec.rule);
    if (const auto status = readSubject(cursor, rule); !status) {
        return status.error();
    }
    if (const auto status = readComparison(cursor, rule.comparison); !status) {
        return status.error();
    }
    if (const auto status = readLimit(cursor, rule); !status) {
        return status.error();
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
