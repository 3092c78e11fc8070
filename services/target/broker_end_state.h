// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/kafka/cluster_admin.h"
#include "services/kafka/embedded_broker.h"
#include "services/kafka/partition_credit.h"
#include "services/target/broker_end.h"

#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace services {

/// What an end knows of its broker. Private to it and to its opening.
struct BrokerEnd::State {
    Options options;
    std::vector<std::string> topics;
    ClusterAccess cluster;
    std::string clusterId;
    std::string group;
    std::map<std::string, std::string> facts;
    std::unique_ptr<EmbeddedBroker> broker;  // only if embedded
    std::unique_ptr<PartitionCredit> credit; // the same
    std::unique_ptr<ClusterAdmin> admin;
    std::map<std::string, std::uint64_t> topicLimits; // of a message in bytes; as open() left it
    std::map<std::string, int> partitionsPerBroker;   // of a topic, if it is known; as open() left it
    std::unique_ptr<ClusterAdmin> stable;             // to ask where open transactions lie; made when needed
    LogBounds start;                                  // as open() left it
    mutable std::mutex mutex;
    std::map<std::string, std::string> settings;            // guarded by mutex
    std::set<std::string> clientIds;                        // of its own consumers; guarded by mutex
    std::map<core::Tier, std::vector<std::string>> workers; // embedded only, by name; guarded by mutex

    core::Status connect();
    core::Status openEmbedded(const TargetNote& note);
    core::Status openReal(const TargetNote& note);
    core::Result<std::map<std::string, int>> ensureTopics();
    core::Status readFacts();
    core::Status readStart();
    std::optional<std::uint64_t> topicLimit(const std::string& topic) const {
        const auto limit = topicLimits.find(topic);
        return limit == topicLimits.end() ? std::nullopt : std::optional(limit->second);
    }
    core::Status waitForEmptyGroup(const TargetNote& note) const;
    std::vector<core::TopicPartition> shareOf(core::Tier tier, const std::string& worker);
    void keepSettings(const std::string& of, const std::map<std::string, std::string>& found);
    bool deadLettersToTopic() const {
        return options.scenario.consumer.deadLetters == core::ConsumerSettings::DeadLetters::Topic;
    }
};

} // namespace services
