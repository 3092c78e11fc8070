// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/monitor/cluster_view.h"
#include "core/result.h"
#include "core/units.h"
#include "core/verdict/threshold.h"

#include <deque>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace core {

/// A rule for the lag of consumer groups, in the grammar of a run's rules (threshold.h):
///
///     rule    = subject comparison value
///     subject = ( "lag" | "lag_s" ) [ "{" group "}" ] [ statistic "over" duration ]
///
/// as `lag{billing} < 1000` or `lag_s{log-consumer.v2} p99 over 60s < 5s`. A group's name reaches to the last '}'.
/// Without a group the rule speaks of every group that is watched. lag takes a whole number of events, lag_s a
/// duration. With a statistic the rule looks at the figures of that time (1 s to 1 h, percentiles by nearest rank),
/// else at the newest.
struct LagRule {
    enum class Quantity { Events, Seconds };

    Quantity quantity = Quantity::Events;
    std::string group; ///< empty: every one
    Threshold::Statistic statistic = Threshold::Statistic::Max;
    double percentile = 99;
    Nanoseconds over{}; ///< 0: the newest figure
    Threshold::Comparison comparison = Threshold::Comparison::Less;
    double limit = 0; ///< events or seconds
    std::string text; ///< as written

    /// The error says what was expected at which column.
    static Result<LagRule> parse(std::string_view text);

    bool operator==(const LagRule&) const = default;
};

/// How a lag rule stands.
struct LagRuleOutcome {
    LagRule rule;
    RuleStatus status = RuleStatus::NotEvaluated;
    std::string group;                  ///< whose figure it is: the worst one
    std::optional<double> value;        ///< in the unit of rule.limit
    std::optional<Instant> brokenSince; ///< without a break since then; only while it is broken
    bool wasBroken = false;             ///< now or before
    std::optional<double> worst;        ///< of all figures so far
    std::string reason;                 ///< why it is not evaluated
};
/// "12 events", "4.2 s"; empty without a value.
std::string figureText(const LagRule& rule, std::optional<double> value);

/// Follows a lag rule from look to look. One thread.
class LagRuleWatch {
public:
    explicit LagRuleWatch(LagRule rule) { m_outcome.rule = std::move(rule); }

    void look(const ClusterView& view);
    /// The cluster did not answer: there is no figure for now.
    void miss(std::string reason);
    /// The end: a rule over a time that has not passed in full looks at what there is.
    void finish();
    const LagRuleOutcome& outcome() const { return m_outcome; }

private:
    using Figures = std::deque<std::pair<Instant, double>>;
    std::optional<double> figureOf(const GroupView& group);
    std::optional<double> statisticOf(const Figures& figures, bool wholeTime) const;
    void judge(Instant now, bool wholeTime);
    void apply(Instant now);

    LagRuleOutcome m_outcome;
    std::map<std::string, Figures> m_figures; // per group, of the rule's time; the newest alone without one
    Instant m_now;
};

} // namespace core
