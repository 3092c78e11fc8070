// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/monitor/cluster_view.h"

#include <algorithm>
#include <string>

/// What a monitor sees of a made-up cluster, a second at a time.
namespace monitor_views {

struct Size {
    int topics = 2;
    int partitions = 3; ///< of each
    int groups = 2;
};

/// `second`: since the cluster began; lags move with it.
inline core::ClusterView viewAt(int second, core::Instant begin, Size size = {}) {
    core::ClusterView view;
    view.clusterId = "made-up";
    view.at = begin + std::chrono::seconds(second);
    view.brokers = {{1, "10.0.0.7:9092", "rack-a", true}, {2, "10.0.0.8:9092", "", false}};
    for (int t = 0; t < size.topics; ++t) {
        core::TopicView topic{.name = "topic-" + std::to_string(t)};
        for (int p = 0; p < size.partitions; ++p) {
            topic.partitions.push_back({1, 2, 2, core::Offset{0}, core::Offset{second * 100 + p}});
        }
        topic.settings = core::TopicSettings{604'800'000, -1, "delete"};
        topic.perSecond = 100.0 * size.partitions;
        view.topics.push_back(std::move(topic));
    }
    for (int g = 0; g < size.groups; ++g) {
        core::GroupView group{.name = "group-" + std::to_string(1'000 + g)};
        group.state = "Stable";
        group.members.push_back({"client-" + std::to_string(g), "10.0.0.9", {}});
        group.at = view.at;
        const core::TopicView& topic = view.topics[static_cast<std::size_t>(g % size.topics)];
        for (int p = 0; p < size.partitions; ++p) {
            core::PartitionLag lag{.partition = {topic.name, {p}}};
            lag.end = topic.partitions[static_cast<std::size_t>(p)].end;
            lag.committed = core::Offset{std::max<std::int64_t>(0, lag.end->value - 50 - (second + g) % 20)};
            lag.events = static_cast<std::uint64_t>(lag.end->value - lag.committed->value);
            lag.seconds = static_cast<double>(*lag.events) / 100;
            lag.member = 0;
            group.members[0].partitions.push_back(lag.partition);
            group.events = group.events.value_or(0) + *lag.events;
            group.seconds = std::max(group.seconds.value_or(0), *lag.seconds);
            group.partitions.push_back(std::move(lag));
        }
        view.groups.push_back(std::move(group));
    }
    return view;
}

} // namespace monitor_views
