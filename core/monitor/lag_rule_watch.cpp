// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/monitor/lag_rule.h"
#include "core/verdict/rule_figure.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <vector>

namespace core {

namespace {

// Looks rarely meet the beat of seconds: a rule over 60 s is judged from 58.5 s on.
constexpr Nanoseconds kEarly = std::chrono::milliseconds(1'500);

bool isUpperLimit(const LagRule& rule) {
    return rule.comparison != Threshold::Comparison::Greater &&
           rule.comparison != Threshold::Comparison::GreaterOrEqual;
}

double worse(const LagRule& rule, std::optional<double> before, double value) {
    return !before ? value : isUpperLimit(rule) ? std::max(*before, value) : std::min(*before, value);
}

} // namespace

std::optional<double> LagRuleWatch::figureOf(const GroupView& group) {
    if (m_outcome.rule.quantity == LagRule::Quantity::Seconds) {
        return group.seconds;
    }
    return group.events ? std::optional(static_cast<double>(*group.events)) : std::nullopt;
}

void LagRuleWatch::look(const ClusterView& view) {
    const LagRule& rule = m_outcome.rule;
    std::erase_if(m_figures, [&view](const auto& each) { return view.group(each.first) == nullptr; });
    m_outcome.reason = rule.group.empty() ? "there is no group" : fmt::format("there is no group {}", rule.group);
    for (const GroupView& group : view.groups) {
        if (!rule.group.empty() && group.name != rule.group) {
            continue;
        }
        m_outcome.reason =
            group.problem.empty() ? fmt::format("the lag of group {} is not known yet", group.name) : group.problem;
        const auto figure = figureOf(group);
        Figures& figures = m_figures[group.name];
        if (figure && group.problem.empty() && (figures.empty() || group.at > figures.back().first)) {
            figures.emplace_back(group.at, *figure);
        }
        if (!figure || !group.problem.empty()) {
            figures.clear();
        }
        while (figures.size() > 1 && figures[1].first <= view.at - rule.over) {
            figures.pop_front();
        }
    }
    m_now = view.at;
    judge(view.at, true);
}

void LagRuleWatch::miss(std::string reason) {
    m_outcome.status = RuleStatus::NotEvaluated;
    m_outcome.value.reset();
    m_outcome.reason = std::move(reason);
}

void LagRuleWatch::finish() {
    if (m_outcome.status == RuleStatus::NotEvaluated && !m_outcome.wasBroken) {
        judge(m_now, false);
    }
}

std::optional<double> LagRuleWatch::statisticOf(const Figures& figures, bool wholeTime) const {
    const LagRule& rule = m_outcome.rule;
    if (figures.empty()) {
        return std::nullopt;
    }
    if (rule.over == Nanoseconds::zero()) {
        return figures.back().second;
    }
    if (wholeTime && m_now - figures.front().first < rule.over - kEarly) {
        return std::nullopt;
    }
    std::vector<double> values;
    std::ranges::transform(figures, std::back_inserter(values), &std::pair<Instant, double>::second);
    std::ranges::sort(values);
    switch (rule.statistic) {
    case Threshold::Statistic::Max:
        return values.back();
    case Threshold::Statistic::Mean:
        return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
    case Threshold::Statistic::Percentile:
        break;
    }
    const double rank = std::ceil(rule.percentile / 100 * static_cast<double>(values.size()));
    return values[static_cast<std::size_t>(std::max(rank, 1.0)) - 1];
}

void LagRuleWatch::judge(Instant now, bool wholeTime) {
    m_outcome.value.reset();
    m_outcome.group.clear();
    for (const auto& [group, figures] : m_figures) {
        const auto value = statisticOf(figures, wholeTime);
        if (!value) {
            if (!figures.empty()) {
                m_outcome.reason = fmt::format("group {} has not been watched for long enough", group);
            }
            continue;
        }
        if (!m_outcome.value || worse(m_outcome.rule, m_outcome.value, *value) != *m_outcome.value) {
            m_outcome.value = value;
            m_outcome.group = group;
        }
    }
    apply(now);
}

void LagRuleWatch::apply(Instant now) {
    if (!m_outcome.value) {
        m_outcome.status = RuleStatus::NotEvaluated;
        m_outcome.brokenSince.reset();
        return;
    }
    m_outcome.reason.clear();
    m_outcome.worst = worse(m_outcome.rule, m_outcome.worst, *m_outcome.value);
    if (holds(m_outcome.rule.comparison, *m_outcome.value, m_outcome.rule.limit)) {
        m_outcome.status = RuleStatus::Passed;
        m_outcome.brokenSince.reset();
        return;
    }
    m_outcome.status = RuleStatus::Failed;
    m_outcome.wasBroken = true;
    m_outcome.brokenSince = m_outcome.brokenSince.value_or(now);
}

} // namespace core
