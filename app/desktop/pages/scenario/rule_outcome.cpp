// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/desktop/pages/scenario/rule_outcome.h"

#include "core/verdict/rule_figure.h"

#include <algorithm>
#include <cmath>

namespace app {

core::RuleOutcome outcomeIn(const core::RunResult& result, const core::Threshold& rule) {
    const auto known = std::ranges::find_if(result.verdict.rules, [&rule](const core::RuleOutcome& outcome) {
        return outcome.value && core::sameFigure(outcome.rule, rule);
    });
    if (known != result.verdict.rules.end()) {
        core::RuleOutcome outcome = *known;
        outcome.rule = rule;
        return outcome;
    }
    if (rule.quantity == core::Threshold::Quantity::Throughput && rule.during.empty()) {
        const double value = rule.ofTarget ? result.storedRate / result.targetRate : result.storedRate;
        return {.rule = rule,
                .value = result.targetRate > 0 ? std::optional(value) : std::nullopt,
                .target = {result.targetRate}};
    }
    core::Snapshot end; // as far as rules look at it
    end.streams = result.streams;
    end.spans = result.spans;
    for (const core::Sample& sample : result.samples) {
        end.backlog = std::max(end.backlog, sample.backlog);
    }
    const core::Nanoseconds drain(std::llround(result.drainSeconds * 1e9));
    return core::ThresholdWatch(rule).judge(end, result.ledger, drain);
}

} // namespace app
