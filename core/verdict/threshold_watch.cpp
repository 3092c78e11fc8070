// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/text/figure_text.h"
#include "core/verdict/rule_figure.h"
#include "core/verdict/threshold.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace core {

namespace {

using Quantity = Threshold::Quantity;

constexpr Nanoseconds kOnTheWay = std::chrono::seconds(1); // an event that breaks no throughput yet

} // namespace

std::vector<Mark> unmarkedBreaks(std::span<const RuleOutcome> outcomes, std::span<const Mark> timeline) {
    std::vector<Mark> marks;
    for (std::size_t i = 0; i < outcomes.size(); ++i) {
        const bool marked = std::ranges::any_of(
            timeline, [i](const Mark& each) { return each.kind == MarkKind::Rule && each.rule == i; });
        if (outcomes[i].status == RuleStatus::Failed && outcomes[i].brokeAtSeconds && !marked) {
            marks.push_back({.seconds = *outcomes[i].brokeAtSeconds,
                             .kind = MarkKind::Rule,
                             .name = outcomes[i].rule.text,
                             .rule = i});
        }
    }
    return marks;
}

ThresholdWatch::ThresholdWatch(Threshold threshold) : m_threshold(std::move(threshold)) {}

bool ThresholdWatch::observe(const Snapshot& snapshot) {
    const auto at = snapshot.sinceStart;
    switch (m_threshold.quantity) {
    case Quantity::Latency:
        if (m_threshold.over > Nanoseconds::zero()) {
            return observeWindow(snapshot);
        }
        m_now = latencyFigure(m_threshold, snapshot);
        return note(m_now.value, at, m_threshold.statistic == Threshold::Statistic::Max && boundedAbove(m_threshold));
    case Quantity::Throughput:
        return observeThroughput(snapshot);
    case Quantity::ErrorRate:
        m_now = errorFigure(snapshot.producer());
        return note(m_now.value, at, false);
    case Quantity::Backlog:
        m_worst = std::max(m_worst.value_or(0), static_cast<double>(snapshot.backlog));
        m_now = {m_worst};
        return note(m_worst, at, boundedAbove(m_threshold));
    case Quantity::DrainTime:
        m_now = noFigure("known after the drain");
        return false;
    default: {
        const auto count = countInSight(m_threshold.quantity, snapshot.producer(), snapshot.consumer);
        m_now = count ? countFigure(*count) : noFigure("known when the ledger is closed");
        const auto value = m_now.value;
        // '== 5' is not broken for good by 3, which may become 5; the other bounds are, since counts only grow.
        const bool grows = boundedAbove(m_threshold) && value;
        return note(value, at,
                    grows && (m_threshold.comparison != Threshold::Comparison::Equal || *value > m_threshold.limit));
    }
    }
}

/// Remembers when the rule broke, and forgets it when a figure that may recover has recovered. True: broken for good.
bool ThresholdWatch::note(std::optional<double> value, Nanoseconds at, bool final) {
    if (!value) {
        return false;
    }
    if (holds(m_threshold, *value)) {
        m_brokeAt.reset();
        return false;
    }
    if (!m_brokeAt) {
        m_brokeAt = std::chrono::duration<double>(at).count();
    }
    return final;
}

/// What came due within the last second is on its way, and breaks nothing as long as more comes due.
bool ThresholdWatch::observeThroughput(const Snapshot& snapshot) {
    m_now = throughputFigure(m_threshold, snapshot);
    const std::uint64_t planned = plannedFor(m_threshold, snapshot);
    double aSecond = 0;
    for (const StreamSnapshot& stream : snapshot.streams) {
        aSecond += stream.target.perSecond;
    }
    if (std::exchange(m_planned, planned) < planned) {
        m_cameDueAt = snapshot.sinceStart;
    }
    const bool goesOn = snapshot.sinceStart - m_cameDueAt < kOnTheWay && !boundedAbove(m_threshold);
    const std::uint64_t onTheirWay =
        goesOn ? std::min(waitingIn(snapshot), static_cast<std::uint64_t>(aSecond)) : std::uint64_t{0};
    return note(throughputFigure(m_threshold, snapshot, onTheirWay).value, snapshot.sinceStart, false);
}

bool ThresholdWatch::observeWindow(const Snapshot& snapshot) {
    constexpr int kPerWindow = 48; // so that a window is at most 1/48 longer than asked for
    const auto at = snapshot.sinceStart;
    if (!m_past.empty() && at - m_past.back().at < m_threshold.over / kPerWindow) {
        return m_brokeAt.has_value();
    }
    const auto latency = latencyOf(m_threshold, snapshot);
    if (!latency) {
        return m_brokeAt.has_value();
    }
    if (latency->count() == 0) {
        m_past.clear(); // windows begin with the values
    }
    m_past.push_back({at, latency->encode()});
    // The newest state that is old enough stays in front.
    while (m_past.size() > 1 && at - m_past[1].at >= m_threshold.over) {
        m_past.pop_front();
    }
    if (at - m_past.front().at < m_threshold.over) {
        return m_brokeAt.has_value();
    }
    auto window = *latency;
    window.subtract(LatencyHistogram::decode(m_past.front().latency).value_or(LatencyHistogram()));
    const auto value = statisticOf(m_threshold, window);
    if (value) {
        const bool low = !boundedAbove(m_threshold);
        m_worst = !m_worst ? *value : low ? std::min(*m_worst, *value) : std::max(*m_worst, *value);
        if (!m_brokeAt && !holds(m_threshold, *value)) {
            m_brokeAt = std::chrono::duration<double>(at).count();
        }
    }
    return m_brokeAt.has_value();
}

RuleOutcome ThresholdWatch::standing() const {
    const bool windows = m_threshold.quantity == Quantity::Latency && m_threshold.over > Nanoseconds::zero();
    const RuleFigure figure =
        !windows  ? m_now
        : m_worst ? RuleFigure{m_worst}
                  : noFigure(fmt::format("no window of {} is full yet", durationText(m_threshold.over)));
    RuleOutcome outcome{.rule = m_threshold, .value = figure.value, .target = figure.target, .reason = figure.reason};
    if (m_brokeAt) {
        outcome.status = RuleStatus::Failed;
        outcome.brokeAtSeconds = m_brokeAt;
    } else if (figure.value && holds(m_threshold, *figure.value)) {
        outcome.status = RuleStatus::Passed;
    }
    return outcome;
}

RuleOutcome ThresholdWatch::judge(const Snapshot& last, const Ledger& ledger, Nanoseconds drain) const {
    const auto& rule = m_threshold;
    const auto figure = [&]() -> RuleFigure {
        switch (rule.quantity) {
        case Quantity::Latency:
            if (rule.over == Nanoseconds::zero()) {
                return latencyFigure(rule, last);
            }
            return m_worst ? RuleFigure{m_worst}
                           : noFigure(fmt::format("no window of {} held enough values", durationText(rule.over)));
        case Quantity::Throughput:
            return throughputFigure(rule, last);
        case Quantity::ErrorRate:
            return errorFigure(ledger.producer);
        case Quantity::Backlog:
            return countFigure(std::max(static_cast<std::uint64_t>(m_worst.value_or(0)), last.backlog));
        case Quantity::DrainTime:
            return durationFigure(drain);
        default:
            return countFigure(countInSight(rule.quantity, ledger.producer, ledger.consumer)
                                   .value_or(countOf(rule.quantity, ledger.ids)));
        }
    }();
    RuleOutcome outcome{.rule = rule, .value = figure.value, .target = figure.target, .reason = figure.reason};
    if (figure.value) {
        outcome.status = holds(rule, *figure.value) ? RuleStatus::Passed : RuleStatus::Failed;
    }
    if (outcome.status == RuleStatus::Failed) {
        outcome.brokeAtSeconds = m_brokeAt;
    }
    return outcome;
}

} // namespace core
