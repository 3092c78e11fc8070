// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/result.h"
#include "core/target/topic_partition.h"
#include "core/units.h"
#include "services/kafka/client_settings.h"
#include "services/kafka/group_members.h"

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace services {

/// What a report says of a cluster. 'unknown' where the cluster does not say.
struct BrokerFacts {
    std::string clusterId;
    int brokers = 0;
    std::string version; ///< as far as brokers tell it
};

/// What a report says of a topic.
struct TopicFacts {
    int partitions = 0;
    int replication = 0;
    std::string minInsyncReplicas;
    std::optional<std::uint64_t> maxMessageBytes{}; ///< its own or else the brokers'; nothing: not known
};

/// Of a partition: the first offset that is kept, and the next to be written.
using LogBounds = std::map<core::TopicPartition, std::pair<core::Offset, core::Offset>>;

/// Questions and orders to a cluster outside the data's way. Every call is bounded by the time-out. Errors: Transient:
/// the cluster does not answer; Refused: it denies access; Invalid: it has no such topic. Any thread.
class ClusterAdmin {
public:
    /// How far a log reaches: to its end, or to where the first transaction lies open, behind which consumers of
    /// committed messages are not let.
    enum class LogEnd : std::uint8_t { Newest, Stable };

    static core::Result<std::unique_ptr<ClusterAdmin>> create(const ClusterAccess& access,
                                                              core::Nanoseconds timeout = std::chrono::seconds(10),
                                                              LogEnd logEnd = LogEnd::Newest);
    ~ClusterAdmin();

    /// Creates the topics that are missing, with so many partitions and the cluster's own replication. Those that exist
    /// are left as they are. Returns what became of the wish, topic by topic: how many partitions there are now.
    core::Result<std::map<std::string, int>> ensureTopics(const std::map<std::string, int>& wanted);
    /// Sentences for topics that have fewer partitions than their consumers, some of which would idle.
    static std::vector<std::string> shortages(const std::map<std::string, int>& partitions, int concurrency);

    /// All topics that this user may describe, with how many partitions each has.
    core::Result<std::map<std::string, int>> topics();
    /// 0 for a topic that does not exist.
    core::Result<int> partitionCount(const std::string& topic);
    core::Result<TopicFacts> topicFacts(const std::string& topic);
    core::Result<BrokerFacts> brokerFacts();
    /// As far as a broker's settings tell it: "3.9-IV0", "4.1 or newer", "unknown".
    static std::string versionFrom(const std::map<std::string, std::string>& settings);

    /// The first offset that is kept, and the next to be written.
    core::Result<std::pair<core::Offset, core::Offset>> watermarks(const core::TopicPartition& partition);
    /// Where all partitions of the topics end now.
    core::Result<std::vector<std::pair<core::TopicPartition, core::Offset>>>
    endOffsets(const std::vector<std::string>& topics);
    /// The same with the beginnings, in a few requests altogether and no longer than `limit`. A topic that does not
    /// exist has no partitions.
    core::Result<LogBounds> logBounds(const std::vector<std::string>& topics, core::Nanoseconds limit);

    /// In each partition the first message of this time or later; none for partitions that hold no such message.
    core::Result<std::map<core::TopicPartition, core::Offset>>
    firstSince(core::WallTime time, const std::vector<core::TopicPartition>& partitions);

    /// Who is in a group, and what each holds; nothing while the group is being balanced.
    core::Result<std::optional<std::vector<GroupMember>>> groupMembers(const std::string& group,
                                                                       core::Nanoseconds limit);

private:
    struct State;
    explicit ClusterAdmin(std::unique_ptr<State> state);
    std::unique_ptr<State> m_state;
};

} // namespace services
