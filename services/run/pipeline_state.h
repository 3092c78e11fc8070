// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/dedupe/memory_filter.h"
#include "services/kafka/cluster_admin.h"
#include "services/kafka/embedded_broker.h"
#include "services/kafka/partition_credit.h"
#include "services/run/pipeline.h"
#include "services/run/stored_positions.h"
#include "services/store/store.h"

#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace services {

/// The pipeline's inside: what open…() has connected, in the order in which it is needed.
struct Pipeline::State {
    Options options;
    Note note;
    std::vector<std::string> topics;
    ClusterAccess cluster;
    std::string clusterId;
    std::string group;
    std::map<std::string, std::string> brokerFacts;
    std::unique_ptr<EmbeddedBroker> broker; // only if embedded
    std::unique_ptr<ClusterAdmin> admin;
    std::unique_ptr<PartitionCredit> credit;
    std::unique_ptr<core::Store> store;
    std::string storeTag;
    std::shared_ptr<MemoryFilter> memory; // shared by the workers' handles
    StoredPositions positions;
    std::map<core::TopicPartition, core::Offset> startOffsets;
    std::mutex settingsMutex;
    std::map<std::string, std::string> settings; // guarded by settingsMutex

    core::Status openBroker();
    core::Status openEmbeddedBroker();
    core::Status openRealBroker();
    core::Status openStore();
    void openFilter();
    void keepSettings(const std::string& of, const std::map<std::string, std::string>& found);
    bool deadLettersToTopic() const {
        return options.scenario.consumer.deadLetters == core::ConsumerSettings::DeadLetters::Topic;
    }
    core::Result<std::unique_ptr<core::Publisher>> deadLetterPublisher(const std::string& worker,
                                                                       core::DeliverySink& sink);
};

} // namespace services
