// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/monitor/lag_history.h"

namespace core {

namespace {

constexpr Nanoseconds kTrendOver = std::chrono::seconds(10);

void mergeLevels(std::optional<Band>& first, const std::optional<Band>& second) {
    if (first && second) {
        addLevel(*first, *second);
    } else if (second) {
        first = second;
    }
}

std::optional<Band> levelOf(std::optional<double> value) {
    return value ? std::optional(bandOf(*value)) : std::nullopt;
}

} // namespace

void merge(LagPoint& first, const LagPoint& second) {
    mergeLevels(first.events, second.events);
    mergeLevels(first.seconds, second.seconds);
    first.until = second.until;
}

void LagHistory::add(const ClusterView& view) {
    for (const GroupView& group : view.groups) {
        const double until = secondsOf(group.at - m_origin);
        Series& series = m_groups[group.name];
        if (group.at == Instant() || (!series.empty() && until <= series.until())) {
            continue;
        }
        const std::optional<double> events =
            group.events ? std::optional(static_cast<double>(*group.events)) : std::nullopt;
        series.append({series.empty() ? until : series.until(), until, levelOf(events), levelOf(group.seconds)});
    }
}

const LagHistory::Series* LagHistory::of(const std::string& group) const {
    const auto found = m_groups.find(group);
    return found == m_groups.end() ? nullptr : &found->second;
}

BacklogTrend LagTrend::add(Instant at, std::uint64_t events, std::uint64_t read) {
    m_looks.push_back({at, events, read});
    while (m_looks.size() > 2 && at - m_looks[1].at >= kTrendOver) {
        m_looks.pop_front();
    }
    const Look& before = m_looks.front();
    if (at - before.at < kTrendOver) {
        return {};
    }
    return backlogTrend(before.events, events, read > before.read ? read - before.read : 0, at - before.at);
}

} // namespace core
