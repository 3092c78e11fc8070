// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/verdict/rule_words.h"

#include "core/text/figure_text.h"

#include <fmt/format.h>

#include <array>
#include <cmath>

namespace core {

namespace {

using Quantity = Threshold::Quantity;

/// A value, a difference or a limit of the rule.
std::string figureOf(const Threshold& rule, double value) {
    switch (unitOf(rule)) {
    case RuleUnit::Micros:
        return durationText(Nanoseconds(std::llround(value * 1e3)));
    case RuleUnit::PerSecond:
        return rateText({value});
    case RuleUnit::Share:
        return percentText(value);
    case RuleUnit::Events:
        return countText(static_cast<std::uint64_t>(std::llround(value)));
    }
    return {};
}

} // namespace

std::string nameOf(const Threshold& rule) {
    return rule.text + (rule.during.empty() ? "" : " during " + rule.during);
}

std::string_view nameOf(RuleUnit unit) {
    constexpr std::array<std::string_view, 4> kUnits{"us", "per_s", "share", "events"};
    return kUnits.at(static_cast<std::size_t>(unit));
}

RuleUnit unitOf(const Threshold& rule) {
    switch (rule.quantity) {
    case Quantity::Latency:
    case Quantity::DrainTime:
        return RuleUnit::Micros;
    case Quantity::Throughput:
        return rule.ofTarget ? RuleUnit::Share : RuleUnit::PerSecond;
    case Quantity::ErrorRate:
        return RuleUnit::Share;
    default:
        return RuleUnit::Events;
    }
}

std::string valueText(const RuleOutcome& outcome) {
    const auto& rule = outcome.rule;
    if (!outcome.value) {
        return {};
    }
    if (rule.quantity == Quantity::Throughput) {
        const double target = outcome.target.perSecond;
        const double share = rule.ofTarget ? *outcome.value : *outcome.value / target;
        return fmt::format("{} ({} of target)", rateText({rule.ofTarget ? share * target : *outcome.value}),
                           percentText(share));
    }
    return figureOf(rule, *outcome.value) + (rule.over > Nanoseconds::zero() ? " at worst" : "");
}

std::string distanceText(const RuleOutcome& outcome) {
    const double distance = outcome.distance().value_or(0);
    if (distance == 0) {
        return "exactly at the limit";
    }
    return fmt::format("{} {} the limit", figureOf(outcome.rule, std::abs(distance)), distance > 0 ? "over" : "under");
}

std::string marginText(const RuleOutcome& outcome) {
    const auto& rule = outcome.rule;
    if (!outcome.value) {
        return {};
    }
    const auto limit = figureOf(rule, rule.limit);
    if (*outcome.value == rule.limit) {
        return distanceText(outcome);
    }
    if (rule.comparison == Threshold::Comparison::Equal) {
        return fmt::format("{} instead of {}", figureOf(rule, *outcome.value), limit);
    }
    return fmt::format("{} of {}{}", distanceText(outcome), limit, rule.ofTarget ? " of target" : "");
}

} // namespace core
