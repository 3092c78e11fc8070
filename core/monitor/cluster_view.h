// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/measure/backlog_trend.h"
#include "core/target/topic_partition.h"
#include "core/units.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

/// What a monitor sees of a Kafka cluster. A figure that is not known is absent, and a sentence beside it says why.
namespace core {

struct BrokerView {
    int id = 0;
    std::string address;             ///< HOST:PORT
    std::optional<std::string> rack; ///< empty: it has none; nothing: not known
    bool isController = false;
};

struct PartitionView {
    int leader = -1; ///< -1: none
    int replicas = 0;
    int inSync = 0;
    std::optional<Offset> begin{}; ///< the first that is kept
    std::optional<Offset> end{};   ///< the next to be written
};

/// What a topic's settings say of how long it keeps what.
struct TopicSettings {
    std::optional<std::int64_t> retentionMs;    ///< -1: without limit
    std::optional<std::int64_t> retentionBytes; ///< per partition; -1: without limit
    std::string cleanupPolicy;                  ///< as Kafka writes it: delete, compact, or both
    bool isCompacted() const { return cleanupPolicy.find("compact") != std::string::npos; }
};

/// "7 d", "36 h 0 min": days where they are whole ones.
std::string retentionText(std::chrono::milliseconds kept);

struct TopicView {
    std::string name;
    std::vector<PartitionView> partitions{};
    std::optional<TopicSettings> settings{};
    std::optional<double> perSecond{}; ///< offsets written per second, over the last 10 s
    std::string problem{};             ///< why its offsets are not known; empty: they are
    std::string settingsProblem{};     ///< the same of its settings

    bool isInternal() const { return name.starts_with("__"); }
    int replication() const; ///< of its first partition; 0: it has none
    int underReplicated() const;
    int leaderless() const;
    std::optional<std::uint64_t> kept() const; ///< offsets between begin and end, summed
};

/// What there is to say of a group's lag in one partition, beside the figures.
enum class LagNote {
    None,
    NoCommit,     ///< no offset is committed
    Expired,      ///< the committed offset lies before what is kept
    BeyondEnd,    ///< the committed offset lies behind the log's end
    NothingWaits, ///< what lies before the log's end are transaction markers or gaps of compaction
    AtMost,       ///< offsets are no count of messages here: the log is compacted or holds transaction markers
    EndUnknown,   ///< the log's end is not known
};
std::string_view sentenceOf(LagNote note); ///< empty for None

struct PartitionLag {
    TopicPartition partition;
    std::optional<Offset> committed{};
    std::optional<Offset> end{};
    std::optional<std::uint64_t> events{};
    std::optional<double> seconds{};     ///< age of the first message that waits; 0: none waits
    double secondsBound = 0;             ///< how far off that may be; 0: it was read from the message
    std::optional<std::size_t> member{}; ///< who holds it: an index into the group's members
    LagNote note = LagNote::None;
};

struct MemberView {
    std::string clientId;
    std::string host;
    std::vector<TopicPartition> partitions{};
};

struct GroupView {
    std::string name;
    std::string state{}; ///< as Kafka calls it: Stable, Empty, PreparingRebalance, …
    std::vector<MemberView> members{};
    std::vector<PartitionLag> partitions{};
    std::optional<std::uint64_t> events{}; ///< summed over the partitions where it is known
    std::optional<double> seconds{};       ///< the greatest; nothing where it is not known of each partition
    int unknown = 0;                       ///< partitions whose lag in events is not known
    BacklogTrend trend{};                  ///< over the last 10 s or more; steady before there are as many
    Instant at{};                          ///< when the lag was true; its epoch: not asked yet
    std::string problem{};                 ///< why there is no newer lag; empty: there is
};

/// One look at a cluster.
struct ClusterView {
    std::string clusterId;
    std::vector<BrokerView> brokers;
    std::vector<TopicView> topics;    ///< by name
    std::vector<GroupView> groups;    ///< by name
    std::vector<std::string> missing; ///< rights that are missing, one sentence each
    Instant at;
    WallTime wall;
    double requestsPerSecond = 0; ///< that the monitor itself sent, over the last 10 s or less

    int partitions() const;
    int underReplicated() const;
    const GroupView* group(std::string_view name) const;
};

} // namespace core
