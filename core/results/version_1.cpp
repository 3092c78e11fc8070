// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/results/version_1.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <utility>

namespace core {

namespace {

constexpr std::array<std::pair<std::string_view, double>, 8> kUnits{
    {{"ns", 1e-3}, {"µs", 1}, {"ms", 1e3}, {"s", 1e6}, {"min", 6e7}, {"h", 3.6e9}, {"%", 0.01}, {"/s", 1}}};

/// "12 min 5 s", "9,998/s", "99.98 %" or "12", up to the first word that is none of these; times in µs.
std::optional<double> figureIn(std::string_view text) {
    std::string digits(text);
    std::erase(digits, ',');
    const char* at = digits.data();
    const char* const end = at + digits.size();
    std::optional<double> sum;
    while (true) {
        double number = 0;
        const auto [rest, failure] = std::from_chars(at, end, number);
        if (failure != std::errc()) {
            return sum;
        }
        const char* const begin = rest == end || *rest != ' ' ? rest : rest + 1;
        const char* const stop = std::find(begin, end, ' ');
        const auto* const unit =
            std::ranges::find(kUnits, std::string_view(begin, stop), &std::pair<std::string_view, double>::first);
        sum = sum.value_or(0) + number * (unit == kUnits.end() ? 1 : unit->second);
        if (unit == kUnits.end() || stop == end) {
            return sum;
        }
        at = stop + 1;
    }
}

std::optional<StopCause> causeIn(std::string_view text) {
    constexpr std::array<std::pair<std::string_view, StopCause>, 4> kTexts{
        {{"stopped", StopCause::Asked},
         {"interrupted", StopCause::Interrupted},
         {"aborted", StopCause::Aborted},
         {"a rule with 'abort' was broken", StopCause::RuleBroken}}};
    const auto* const found = std::ranges::find(kTexts, text, &std::pair<std::string_view, StopCause>::first);
    return found == kTexts.end() ? std::nullopt : std::optional(found->second);
}

} // namespace

Mark markOfVersion1(double seconds, std::string_view kind, const std::string& text) {
    Mark mark{.seconds = seconds, .kind = kind == "retry" || kind == "fenced" ? MarkKind::Fault : markKindOf(kind)};
    const auto phase = phaseOf(text);
    const auto cause = causeIn(text);
    if (mark.kind == MarkKind::Phase && phase) {
        mark.phase = *phase;
    } else if (mark.kind == MarkKind::Stop && cause) {
        mark.cause = *cause;
    } else if (mark.kind != MarkKind::Pause && mark.kind != MarkKind::Resume) {
        mark.detail = text;
    }
    return mark;
}

void readFiguresOfVersion1(RuleOutcome& outcome, std::string_view value, std::string_view margin) {
    const auto& rule = outcome.rule;
    const auto first = figureIn(value);
    if (!first) {
        return;
    }
    outcome.value = first;
    if (rule.quantity == Threshold::Quantity::Throughput) { // "9,998/s (99.98 % of target)"
        const auto share = figureIn(value.substr(std::min(value.find('(') + 1, value.size())));
        outcome.target.perSecond = share && *share > 0 ? *first / *share : 0;
        outcome.value = rule.ofTarget ? share : first;
    }
    const auto distance = margin.starts_with("exactly") ? 0.0 : figureIn(margin);
    const bool either = margin.find(" instead of ") == std::string_view::npos;
    if (distance && either && *distance < std::abs(*outcome.value)) {
        const bool over = margin.find(" over the limit") != std::string_view::npos;
        outcome.value = rule.limit + (over ? *distance : -*distance);
        if (rule.ofTarget && *outcome.value > 0) {
            outcome.target.perSecond = *first / *outcome.value; // the rate itself was written in full
        }
    }
}

} // namespace core
