// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/monitor/group_lag.h"
#include "core/monitor/lag_history.h"
#include "core/monitor/request_budget.h"
#include "services/kafka/admin/cluster_monitor.h"
#include "services/kafka/admin/cluster_reader.h"

#include <deque>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace services {

/// What a monitor knows of a group.
struct WatchedGroup {
    core::GroupView view;
    core::Commits commits;
    core::ReadAheads reads;
    core::LagTrend trend;
    core::Instant askedAt;      ///< its epoch: never
    bool hasNewCommits = false; ///< that no log's end has been held against
    bool isDenied = false;      ///< Kafka does not describe it to us
};

/// What a monitor knows of a cluster, and when it asks for what.
struct ClusterMonitor::State {
    ClusterAccess access;
    MonitorOptions options;
    std::unique_ptr<ClusterReader> reader;
    std::vector<std::string> favourites; ///< watch()
    core::RequestBudget budget{kRequestsPerSecond, 2 * kRequestsPerSecond};

    core::ClusterView view; ///< groups apart
    std::map<std::string, WatchedGroup> groups;
    core::LogStates logs;
    std::map<std::string, std::deque<std::pair<core::Instant, std::int64_t>>> written; ///< offsets, per topic
    std::map<core::TopicPartition, core::Instant> readAt;
    std::map<core::TopicPartition, core::Instant> missedAt; ///< when a message was wanted and did not come
    std::map<std::string, core::Instant> settingsAt;        ///< when a topic's settings were asked for
    std::deque<std::pair<core::Instant, std::uint64_t>> requests;
    std::uint64_t requestsBefore = 0; ///< of readers that are gone
    core::Instant shapeDue, groupsDue, beginsDue, endsDue, racksDue, readerSince;
    bool groupsPartial = false;
    std::string groupsProblem, racksProblem;

    core::Status connect(const std::stop_token& stop);
    core::Status askShape(core::Instant now);
    void askGroups(core::Instant now);
    void askCommits(core::Instant now);
    void takeCommits();
    core::Status askEnds(core::Instant now);
    void askBegins(core::Instant now);
    void askSettings(core::Instant now);
    void askRacks(core::Instant now);
    void readAhead(core::Instant now);

    bool isWanted(const std::vector<std::string>& names, const std::string& name) const;
    std::vector<core::TopicPartition> partitions() const; ///< that have a leader
    double leaders() const;                               ///< brokers that lead a partition
    void measure(WatchedGroup& group, core::WallTime now);
    void addRates(core::Instant now);
    core::ClusterView assembled(core::Instant now);
};

} // namespace services
