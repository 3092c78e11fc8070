// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/verdict/rule_figure.h"

#include "core/text/count_text.h"
#include "core/text/figure_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

namespace core {

namespace {

using Quantity = Threshold::Quantity;
using Comparison = Threshold::Comparison;
using Statistic = Threshold::Statistic;

std::string tooFew(const Threshold& rule, std::uint64_t count) {
    if (count == 0) {
        return "no values";
    }
    return fmt::format("{}; p{} needs {}", counted(count, "value"), rule.percentile,
                       countText(valuesNeeded(rule.percentile)));
}

const SpanSnapshot* spanOf(const Threshold& rule, const Snapshot& snapshot) {
    const auto found = std::ranges::find(snapshot.spans, rule.during, &SpanSnapshot::name);
    return found == snapshot.spans.end() ? nullptr : &*found;
}

std::string noSpan(const Threshold& rule) {
    return fmt::format("this run has no part named '{}'", rule.during);
}

} // namespace

RuleFigure noFigure(std::string reason) {
    return {.value = {}, .reason = std::move(reason)};
}

bool holds(Comparison comparison, double value, double limit) {
    switch (comparison) {
    case Comparison::Less:
        return value < limit;
    case Comparison::LessOrEqual:
        return value <= limit;
    case Comparison::Greater:
        return value > limit;
    case Comparison::GreaterOrEqual:
        return value >= limit;
    case Comparison::Equal:
        return value == limit;
    }
    return false;
}

bool holds(const Threshold& rule, double value) {
    return holds(rule.comparison, value, rule.limit);
}

bool boundedAbove(const Threshold& rule) {
    return rule.comparison != Comparison::Greater && rule.comparison != Comparison::GreaterOrEqual;
}

bool sameFigure(Threshold a, const Threshold& b) {
    if (a.over > Nanoseconds::zero() && boundedAbove(a) != boundedAbove(b)) {
        return false;
    }
    a.comparison = b.comparison;
    a.limit = b.limit;
    a.abort = b.abort;
    a.text = b.text;
    return a == b;
}

std::optional<double> statisticOf(const Threshold& rule, const LatencyHistogram& histogram) {
    switch (rule.statistic) {
    case Statistic::Mean:
        return histogram.mean();
    case Statistic::Max:
        return histogram.max();
    case Statistic::Percentile:
        return histogram.count() < valuesNeeded(rule.percentile) ? std::nullopt : histogram.percentile(rule.percentile);
    }
    return std::nullopt;
}

std::optional<LatencyHistogram> latencyOf(const Threshold& rule, const Snapshot& snapshot) {
    if (!rule.during.empty()) {
        const auto* const span = spanOf(rule, snapshot);
        return span == nullptr ? std::nullopt : std::optional(of(span->latency, rule.metric));
    }
    return rule.tier ? snapshot.latency(rule.metric, *rule.tier) : snapshot.latency(rule.metric);
}

RuleFigure latencyFigure(const Threshold& rule, const Snapshot& snapshot) {
    const auto histogram = latencyOf(rule, snapshot);
    if (!histogram) {
        return noFigure(noSpan(rule));
    }
    const auto value = statisticOf(rule, *histogram);
    return value ? RuleFigure{value} : noFigure(tooFew(rule, histogram->count()));
}

std::uint64_t plannedFor(const Threshold& rule, const Snapshot& snapshot) {
    if (rule.during.empty()) {
        return snapshot.measuredPlanned;
    }
    const auto* const span = spanOf(rule, snapshot);
    return span == nullptr ? 0 : span->planned;
}

RuleFigure throughputFigure(const Threshold& rule, const Snapshot& snapshot, std::uint64_t onTheirWay) {
    auto done = snapshot.measuredDone;
    auto length = snapshot.measuredLength;
    auto asked = snapshot.measuredAsked;
    auto overrun = snapshot.measuredOverrun;
    if (!rule.during.empty()) {
        const auto* const span = spanOf(rule, snapshot);
        if (span == nullptr) {
            return noFigure(noSpan(rule));
        }
        done = span->stored;
        length = span->length;
        asked = static_cast<double>(span->planned);
        overrun = span->overrun;
    }
    const std::uint64_t planned = plannedFor(rule, snapshot);
    if (planned == 0 || length <= Nanoseconds::zero()) {
        return noFigure("no event was due in this part of the run");
    }
    const double seconds = secondsOf(length);
    const double perSecond = static_cast<double>(done + onTheirWay) / (seconds + secondsOf(overrun));
    const double share = perSecond * seconds / static_cast<double>(planned);
    return {rule.ofTarget ? share : perSecond, {asked / seconds}};
}

RuleFigure errorFigure(const ProducerCounts& counts) {
    if (counts.planned == 0) {
        return noFigure("no event was planned");
    }
    return {static_cast<double>(counts.failed + counts.inDoubt + counts.unsent) / static_cast<double>(counts.planned)};
}

std::optional<std::uint64_t> countInSight(Quantity quantity, const ProducerCounts& producer,
                                          const ConsumerCounts& consumer) {
    switch (quantity) {
    case Quantity::Unsent:
        return producer.unsent;
    case Quantity::Failed:
        return producer.failed;
    case Quantity::InDoubt:
        return producer.inDoubt;
    case Quantity::Shed:
        return producer.shed;
    case Quantity::DeadLettered:
        return consumer.deadLettered;
    case Quantity::Duplicate:
        return consumer.duplicate();
    case Quantity::Foreign:
        return consumer.foreign;
    case Quantity::Abandoned:
        return consumer.abandoned;
    default:
        return std::nullopt;
    }
}

std::uint64_t countOf(Quantity quantity, const IdCounts& ids) {
    switch (quantity) {
    case Quantity::Lost:
        return ids.lost;
    case Quantity::Doubled:
        return ids.doubled;
    case Quantity::Undrained:
        return ids.undrained;
    case Quantity::Unexpected:
        return ids.unexpected;
    case Quantity::Reordered:
        return ids.reordered;
    default:
        return ids.recovered;
    }
}

RuleFigure countFigure(std::uint64_t count) {
    return {static_cast<double>(count)};
}

RuleFigure durationFigure(Nanoseconds duration) {
    return {static_cast<double>(duration.count()) / 1e3};
}

} // namespace core
