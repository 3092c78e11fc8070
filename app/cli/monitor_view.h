// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/monitor/cluster_view.h"
#include "core/monitor/lag_rule.h"

#include <optional>
#include <string>
#include <vector>

namespace app {

/// The text of what a monitor sees. Pure: no terminal, no clock.
class MonitorView {
public:
    explicit MonitorView(std::string place) : m_place(std::move(place)) {}

    void show(core::ClusterView view);
    /// The cluster did not answer; what was seen before stays, with its age.
    void miss(std::string reason) { m_problem = std::move(reason); }
    void setRules(std::vector<core::LagRuleOutcome> rules) { m_rules = std::move(rules); }

    /// At most `rows` lines of at most `width` columns.
    std::vector<std::string> block(std::size_t width, std::size_t rows, core::Instant now) const;
    /// One line for where no terminal is.
    std::string line(core::Instant now) const;
    std::vector<std::string> ruleLines(std::size_t width, core::Instant now) const;

private:
    std::vector<std::string> head(std::size_t width, core::Instant now) const;
    std::vector<std::string> groupLines(core::Instant now) const;
    std::vector<std::string> topicLines() const;

    std::string m_place;
    std::optional<core::ClusterView> m_view;
    std::string m_problem; ///< of the newest look; empty: it went well
    std::vector<core::LagRuleOutcome> m_rules;
};

/// "growing by 120/s", "draining: 12 s to empty", "steady".
std::string lagTrendText(const core::BacklogTrend& trend);
/// "7 d", "no limit", "–": how long, or how much per partition, a topic keeps.
std::string retentionText(const core::TopicView& topic);

} // namespace app
