// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/monitor/cluster_view.h"
#include "core/monitor/group_lag.h"
#include "core/result.h"
#include "services/kafka/client_settings.h"

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace services {

/// Brokers and topics, without what takes further requests.
struct ClusterShape {
    std::vector<core::BrokerView> brokers; ///< racks not known
    std::vector<core::TopicView> topics;   ///< by name; offsets and settings not known
};

/// Where logs begin or end.
struct LogOffsets {
    std::map<core::TopicPartition, core::Offset> offsets;
    std::map<std::string, std::string> problems; ///< topics that did not answer, and why
};

struct GroupList {
    std::vector<core::GroupView> groups; ///< by name, without lag
    bool partial = false;                ///< not every broker answered
};

/// What a group has committed, or why that is not known.
struct GroupCommits {
    std::string group;
    core::Result<core::Commits> commits;
};

/// The first message at or after a position.
struct FirstMessage {
    core::Offset end; ///< nothing was found up to here; only without a message
    std::optional<core::Offset> offset{};
    std::string payload{};
    std::optional<core::WallTime> timestamp{}; ///< of the record
};

/// Questions to a cluster, each of as few requests as librdkafka 2.0 can put it in; joins no group and changes nothing.
/// Every call is bounded by `limit`. One owning thread. Errors: Transient: the cluster does not answer; Refused: it
/// denies access.
class ClusterReader {
public:
    static core::Result<std::unique_ptr<ClusterReader>> create(const ClusterAccess& access, core::Nanoseconds limit);
    ~ClusterReader();

    core::Result<ClusterShape> shape(); ///< 1 request
    /// Of the cluster; empty where it does not say. No request after shape().
    std::string clusterId();
    core::Result<GroupList> groups(); ///< 2 requests per broker, for all groups

    /// 1 request per broker that leads one of them, for all partitions; more only where a topic does not answer.
    LogOffsets begins(const std::vector<core::TopicPartition>& partitions);
    LogOffsets ends(const std::vector<core::TopicPartition>& partitions);

    /// Asks what a group has committed: 1 request, and the first time one more. Answers come by takeCommits().
    void askCommits(const std::string& group);
    bool isAsked(const std::string& group) const; ///< the answer is still out
    /// The answers that came, and those that come within `limit`.
    std::vector<GroupCommits> takeCommits(core::Nanoseconds limit);
    /// A group moved to another coordinator, which librdkafka 2.0 does not notice: create a new reader.
    bool isOutdated() const;

    /// Settings of some topics: 1 request. Those that failed come with their reason.
    core::Result<std::map<std::string, core::Result<core::TopicSettings>>>
    topicSettings(const std::vector<std::string>& topics);
    core::Result<std::string> rackOf(int broker); ///< 1 request; empty: it has none

    /// About 1 request per broker that leads one of them. What did not come within `limit` is left out.
    std::map<core::TopicPartition, FirstMessage>
    firstMessages(const std::map<core::TopicPartition, core::Offset>& positions, core::Nanoseconds limit);

    /// Requests of every kind that were sent to brokers so far, up to a second ago.
    std::uint64_t requestsSent();

private:
    struct State;
    explicit ClusterReader(std::unique_ptr<State> state);
    std::unique_ptr<State> m_state;
};

} // namespace services
