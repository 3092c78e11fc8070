// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/kafka/kafka_subscriber.h"
#include "services/kafka/notices.h"
#include "services/kafka/subscriber_positions.h"

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

struct rd_kafka_message_s;
struct rd_kafka_op_s; // an event
struct rd_kafka_topic_partition_list_s;

namespace services {

inline constexpr auto kSubscriberCall = std::chrono::seconds(2);     ///< a question to the broker from within poll()
inline constexpr auto kMirrorEvery = std::chrono::milliseconds(250); ///< positions for lag tools
inline constexpr auto kSubscriberClose = std::chrono::seconds(3);    ///< to leave the group (R6); as long again to end

/// What a subscriber keeps, and what its parts do with it: opening and assignments (subscriber_assignment.cpp), faults
/// and gaps (subscriber_faults.cpp), polling and commands (kafka_subscriber.cpp).
struct KafkaSubscriber::State {
    rd_kafka_s* client = nullptr;
    core::AssignmentListener* listener = nullptr;
    SubscriberOptions options;
    std::map<std::string, std::string> settings;
    SubscriberPositions positions;
    Notices notices;
    std::optional<core::Error> over;        // poll() answers it from now on
    std::set<core::TopicPartition> stalled; // whose position the log's start has overtaken
    core::Instant askAt;                    // where the log of the stalled ones begins
    std::map<core::TopicPartition, core::Offset> unmirrored;
    core::Instant mirrorAt;        // the next time, at the earliest
    core::Nanoseconds throttled{}; // by quotas, in sum
    std::uint64_t gap = 0;
    bool waitsForShare = false; // until the first poll
    bool paused = false;
    bool troubled = false; // a fault of the cluster has been told, and no message came since
    bool mirrorFailed = false;
    bool closed = false;

    core::Status open(core::AssignmentListener& whom);
    void rebalance(int what, rd_kafka_topic_partition_list_s& partitions);
    void lastEvent(rd_kafka_op_s& event); ///< while closing
    void assign(const std::vector<core::TopicPartition>& partitions);
    void revoke(const std::vector<core::TopicPartition>& partitions);
    void restartFetchers();
    void setPaused(const std::vector<core::TopicPartition>& partitions, bool pause);
    std::vector<core::TopicPartition> assigned() const;
    void mirrorNow();

    std::unique_ptr<core::PolledMessage> admit(rd_kafka_message_s* message);
    void fault(const rd_kafka_message_s& message);
    void report(int error, const char* reason);
    void askForStarts();
    bool askForStart(const core::TopicPartition& partition);
    void tellExpired(const core::TopicPartition& partition, core::Offset from, core::Offset low);
    void countGap(const core::TopicPartition& partition, std::uint64_t messages);
    void committed(int error);
    void throttledBy(core::Nanoseconds time); ///< with each answer that a broker has delayed
};

} // namespace services
