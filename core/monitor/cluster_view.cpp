// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/monitor/cluster_view.h"

#include "core/text/figure_text.h"

#include <algorithm>
#include <array>

namespace core {

std::string retentionText(std::chrono::milliseconds kept) {
    constexpr std::chrono::milliseconds kDay = std::chrono::hours(24);
    return kept >= kDay && kept % kDay == std::chrono::milliseconds(0)
               ? countText(static_cast<std::uint64_t>(kept / kDay)) + " d"
               : durationText(kept);
}

int TopicView::replication() const {
    return partitions.empty() ? 0 : partitions.front().replicas;
}

int TopicView::underReplicated() const {
    return static_cast<int>(
        std::ranges::count_if(partitions, [](const PartitionView& each) { return each.inSync < each.replicas; }));
}

int TopicView::leaderless() const {
    return static_cast<int>(std::ranges::count(partitions, -1, &PartitionView::leader));
}

std::optional<std::uint64_t> TopicView::kept() const {
    std::uint64_t sum = 0;
    for (const PartitionView& each : partitions) {
        if (!each.begin || !each.end) {
            return std::nullopt;
        }
        sum += static_cast<std::uint64_t>(std::max<std::int64_t>(0, each.end->value - each.begin->value));
    }
    return sum;
}

std::string_view sentenceOf(LagNote note) {
    constexpr std::array<std::string_view, 7> kSentences{
        "",
        "no offset committed",
        "the committed offset has expired: the log begins later",
        "the committed offset lies beyond the log's end",
        "all is read: only transaction markers or compacted offsets follow",
        "at most: offsets count transaction markers or compacted messages too",
        "the log's end is not known",
    };
    return kSentences.at(static_cast<std::size_t>(note));
}

int ClusterView::partitions() const {
    int sum = 0;
    for (const TopicView& topic : topics) {
        sum += static_cast<int>(topic.partitions.size());
    }
    return sum;
}

int ClusterView::underReplicated() const {
    int sum = 0;
    for (const TopicView& topic : topics) {
        sum += topic.underReplicated();
    }
    return sum;
}

const GroupView* ClusterView::group(std::string_view name) const {
    const auto found = std::ranges::find(groups, name, &GroupView::name);
    return found == groups.end() ? nullptr : &*found;
}

} // namespace core
