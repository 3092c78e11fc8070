// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/verdict/rule_figure.h"

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

/// A difference or a limit, in the rule's unit.
std::string inUnit(const Threshold& rule, double value) {
    switch (rule.quantity) {
    case Quantity::Latency:
    case Quantity::DrainTime:
        return microsText(value);
    case Quantity::Throughput:
        return rule.ofTarget ? percentText(value) : rateText({value});
    case Quantity::ErrorRate:
        return percentText(value);
    default:
        return countText(static_cast<std::uint64_t>(std::llround(value)));
    }
}

std::string tooFew(const Threshold& rule, std::uint64_t count) {
    if (count == 0) {
        return "no values";
    }
    return fmt::format("{} values; p{} needs {}", countText(count), rule.percentile,
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
    return {std::nullopt, {}, std::move(reason)};
}

std::string microsText(double micros) {
    return durationText(Nanoseconds(std::llround(micros * 1e3)));
}

bool holds(const Threshold& rule, double value) {
    switch (rule.comparison) {
    case Comparison::Less:
        return value < rule.limit;
    case Comparison::LessOrEqual:
        return value <= rule.limit;
    case Comparison::Greater:
        return value > rule.limit;
    case Comparison::GreaterOrEqual:
        return value >= rule.limit;
    case Comparison::Equal:
        return value == rule.limit;
    }
    return false;
}

bool boundedAbove(const Threshold& rule) {
    return rule.comparison != Comparison::Greater && rule.comparison != Comparison::GreaterOrEqual;
}

std::string marginText(const Threshold& rule, double value) {
    const auto distance = inUnit(rule, std::abs(value - rule.limit));
    const auto limit = inUnit(rule, rule.limit);
    if (value == rule.limit) {
        return "exactly at the limit";
    }
    if (rule.comparison == Comparison::Equal) {
        return fmt::format("{} instead of {}", inUnit(rule, value), limit);
    }
    return fmt::format("{} {} the limit of {}{}", distance, value > rule.limit ? "over" : "under", limit,
                       rule.ofTarget ? " of target" : "");
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
    return value ? RuleFigure{value, microsText(*value), {}} : noFigure(tooFew(rule, histogram->count()));
}

RuleFigure throughputFigure(const Threshold& rule, const Snapshot& snapshot) {
    auto planned = snapshot.measuredPlanned;
    auto done = snapshot.measuredDone;
    auto length = snapshot.measuredLength;
    if (!rule.during.empty()) {
        const auto* const span = spanOf(rule, snapshot);
        if (span == nullptr) {
            return noFigure(noSpan(rule));
        }
        planned = span->planned;
        done = span->stored;
        length = span->length;
    }
    if (planned == 0 || length <= Nanoseconds::zero()) {
        return noFigure("no event was due in this part of the run");
    }
    const Rate rate{static_cast<double>(done) / std::chrono::duration<double>(length).count()};
    const auto share = static_cast<double>(done) / static_cast<double>(planned);
    return {rule.ofTarget ? share : rate.perSecond,
            fmt::format("{} ({} of target)", rateText(rate), percentText(share)),
            {}};
}

RuleFigure errorFigure(const ProducerCounts& counts) {
    if (counts.planned == 0) {
        return noFigure("no event was planned");
    }
    const auto share =
        static_cast<double>(counts.failed + counts.inDoubt + counts.unsent) / static_cast<double>(counts.planned);
    return {share, percentText(share), {}};
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
    return {static_cast<double>(count), countText(count), {}};
}

RuleFigure durationFigure(Nanoseconds duration) {
    const auto micros = static_cast<double>(duration.count()) / 1e3;
    return {micros, microsText(micros), {}};
}

} // namespace core
