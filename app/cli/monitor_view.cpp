// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/monitor_view.h"

#include "app/cli/text_columns.h"
#include "app/cli/text_table.h"
#include "core/text/figure_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace app {
namespace {

constexpr core::Nanoseconds kFresh = std::chrono::seconds(3);

std::string dash() {
    return "–";
}

std::string lengthText(double seconds) {
    return core::durationText(core::Nanoseconds(std::llround(seconds * 1e9)));
}

std::string ageText(core::Nanoseconds age) {
    return core::durationText(std::chrono::round<std::chrono::seconds>(age));
}

std::string eventsText(const core::GroupView& group) {
    if (!group.events) {
        return dash();
    }
    const bool atMost =
        std::ranges::any_of(group.partitions, [](const auto& each) { return each.note == core::LagNote::AtMost; });
    return (atMost ? "≤ " : "") + core::countText(*group.events);
}

/// What a table has no column for.
std::string remarkOf(const core::GroupView& group, core::Instant now) {
    if (!group.problem.empty()) {
        return group.problem;
    }
    if (group.at == core::Instant()) {
        return "not asked yet";
    }
    std::vector<std::string> parts;
    if (now - group.at > kFresh) {
        parts.push_back(fmt::format("{} ago", ageText(now - group.at)));
    }
    for (const auto note : {core::LagNote::NoCommit, core::LagNote::Expired, core::LagNote::BeyondEnd,
                            core::LagNote::EndUnknown, core::LagNote::NothingWaits}) {
        const auto count = std::ranges::count(group.partitions, note, &core::PartitionLag::note);
        if (count > 0) {
            parts.push_back(fmt::format("{}: {}", core::counted(static_cast<std::uint64_t>(count), "partition"),
                                        core::sentenceOf(note)));
        }
    }
    std::string text;
    for (const std::string& part : parts) {
        text += (text.empty() ? "" : "; ") + part;
    }
    return text;
}

void addTable(std::vector<std::string>& lines, const std::vector<std::string>& table, std::size_t room) {
    const std::size_t shown = std::min(table.size(), room);
    lines.insert(lines.end(), table.begin(), table.begin() + static_cast<std::ptrdiff_t>(shown));
    if (shown < table.size() && shown > 0) {
        lines.back() = fmt::format("… {} more", table.size() - shown + 1);
    }
}

} // namespace

std::string lagTrendText(const core::BacklogTrend& trend) {
    switch (trend.word) {
    case core::BacklogTrend::Word::Steady:
        return "steady";
    case core::BacklogTrend::Word::Growing:
        return fmt::format("growing by {}", core::rateText({trend.perSecond}));
    case core::BacklogTrend::Word::Draining:
        return fmt::format("draining: {} to empty", core::durationText(trend.empty));
    }
    return {};
}

std::string retentionText(const core::TopicView& topic) {
    if (!topic.settings || !topic.settings->retentionMs) {
        return dash();
    }
    const auto& settings = *topic.settings;
    std::string text =
        *settings.retentionMs < 0 ? "no limit" : core::retentionText(std::chrono::milliseconds(*settings.retentionMs));
    if (settings.retentionBytes.value_or(-1) >= 0) {
        text += ", " + core::bytesText({static_cast<std::uint64_t>(*settings.retentionBytes)});
    }
    return text;
}

void MonitorView::show(core::ClusterView view) {
    m_view = std::move(view);
    m_problem.clear();
}

std::vector<std::string> MonitorView::head(std::size_t width, core::Instant now) const {
    if (!m_view) {
        return {cutToColumns(fmt::format("Kafka at {}: connecting", m_place), width)};
    }
    const core::ClusterView& view = *m_view;
    std::vector<std::string> items{"Kafka at " + m_place, core::counted(view.brokers.size(), "broker"),
                                   core::counted(view.topics.size(), "topic"),
                                   core::counted(static_cast<std::uint64_t>(view.partitions()), "partition"),
                                   core::counted(view.groups.size(), "group")};
    if (view.underReplicated() > 0) {
        items.push_back(fmt::format("{} UNDER-REPLICATED", view.underReplicated()));
    }
    items.push_back(fmt::format("asking {:.1f} times per second", view.requestsPerSecond));
    std::vector<std::string> lines = flow("cluster", items, width);
    std::vector<std::string> brokers;
    for (const auto& each : view.brokers) {
        brokers.push_back(fmt::format("{} {}{}{}", each.id, each.address,
                                      each.rack && !each.rack->empty() ? " in " + *each.rack : "",
                                      each.isController ? " (controller)" : ""));
    }
    for (const auto& line : flow("brokers", brokers, width)) {
        lines.push_back(line);
    }
    if (!m_problem.empty()) {
        lines.push_back(cutToColumns(fmt::format("STALE, {}: {}", ageText(now - view.at), m_problem), width));
    }
    for (const std::string& each : view.missing) {
        lines.push_back(cutToColumns(each, width));
    }
    return lines;
}

std::vector<std::string> MonitorView::ruleLines(std::size_t width, core::Instant now) const {
    std::vector<std::string> lines;
    for (const auto& each : m_rules) {
        const bool broken = each.status == core::RuleStatus::Failed;
        std::string text = fmt::format("{} {}",
                                       broken                                    ? "✗"
                                       : each.status == core::RuleStatus::Passed ? "✓"
                                                                                 : "–",
                                       each.rule.text);
        if (each.value) {
            text += ": " + core::figureText(each.rule, each.value);
            text += each.rule.group.empty() ? " in " + each.group : "";
        } else {
            text += ": " + each.reason;
        }
        if (each.brokenSince) {
            text += fmt::format(", broken for {}", ageText(now - *each.brokenSince));
        } else if (each.wasBroken) {
            text += fmt::format(", was broken: {}", core::figureText(each.rule, each.worst));
        }
        lines.push_back(cutToColumns(text, width));
    }
    return lines;
}

std::vector<std::string> MonitorView::groupLines(core::Instant now) const {
    TextTable table("llrrrll");
    table.row({"GROUP", "STATE", "MEMBERS", "LAG", "AGE", "TREND", ""});
    for (const auto& each : m_view->groups) {
        table.row({each.name, each.state, core::countText(each.members.size()), eventsText(each),
                   each.seconds ? lengthText(*each.seconds) : dash(), each.events ? lagTrendText(each.trend) : dash(),
                   remarkOf(each, now)});
    }
    return table.lines();
}

std::vector<std::string> MonitorView::topicLines() const {
    TextTable table("lrrrrrll");
    table.row({"TOPIC", "PARTITIONS", "REPLICAS", "RATE", "KEPT", "RETENTION", "CLEANUP", ""});
    for (const auto& each : m_view->topics) {
        std::string remark = each.problem;
        if (remark.empty() && each.underReplicated() + each.leaderless() > 0) {
            remark = fmt::format("{} under-replicated, {} without a leader", each.underReplicated(), each.leaderless());
        }
        table.row({each.name, core::countText(each.partitions.size()),
                   core::countText(static_cast<std::uint64_t>(each.replication())),
                   each.perSecond ? core::rateText({*each.perSecond}) : dash(),
                   each.kept() ? core::countText(*each.kept()) : dash(), retentionText(each),
                   each.settings ? each.settings->cleanupPolicy : dash(), remark});
    }
    return table.lines();
}

std::vector<std::string> MonitorView::block(std::size_t width, std::size_t rows, core::Instant now) const {
    std::vector<std::string> lines = head(width, now);
    if (!m_view) {
        if (!m_problem.empty()) {
            lines.push_back(cutToColumns(m_problem, width));
        }
        return lines;
    }
    for (const std::string& line : ruleLines(width, now)) {
        lines.push_back(line);
    }
    const std::vector<std::string> groups = groupLines(now);
    const std::vector<std::string> topics = topicLines();
    const std::size_t room = rows > lines.size() + 2 ? rows - lines.size() - 2 : 0;
    const std::size_t forGroups = std::max(room / 2, room > topics.size() ? room - topics.size() : 0);
    lines.emplace_back();
    const std::size_t before = lines.size();
    addTable(lines, groups, forGroups);
    lines.emplace_back();
    addTable(lines, topics, room - std::min(room, lines.size() - 1 - before));
    std::ranges::transform(lines, lines.begin(),
                           [width](const std::string& line) { return cutToColumns(line, width); });
    return lines;
}

std::string MonitorView::line(core::Instant now) const {
    if (!m_view) {
        return fmt::format("Kafka at {}: {}", m_place, m_problem.empty() ? "connecting" : m_problem);
    }
    std::string text;
    if (!m_problem.empty()) {
        text = fmt::format("stale, {}  ", ageText(now - m_view->at));
    }
    for (const auto& each : m_view->groups) {
        text += fmt::format("{} {} lag {} age {} {}  ", each.name, each.state, eventsText(each),
                            each.seconds ? lengthText(*each.seconds) : dash(),
                            each.events ? lagTrendText(each.trend) : dash());
    }
    for (const std::string& rule : ruleLines(500, now)) {
        text += rule + "  ";
    }
    return text.empty() ? "no consumer group" : text.substr(0, text.size() - 2);
}

} // namespace app
