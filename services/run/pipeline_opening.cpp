// SPDX-License-Identifier: GPL-3.0-or-later
// How a run's target is connected: broker, then store, then duplicate filter.
#include "core/load/schedule.h"
#include "services/dedupe/redis_filter.h"
#include "services/kafka/kafka_publisher.h"
#include "services/run/consumer_crew.h"
#include "services/run/pipeline_state.h"

#include <fmt/format.h>

#include <algorithm>

namespace services {

namespace {

constexpr std::size_t kOverhead = 60; // of an event beyond its payload, when room is reckoned

core::Bytes meanSize(const core::Scenario& scenario) {
    std::uint64_t largest = 0;
    for (const core::Stream& stream : scenario.streams) {
        largest = std::max(largest, (stream.event.size.min.count + stream.event.size.max.count) / 2);
    }
    return {largest + kOverhead};
}

std::vector<std::string> topicsOf(const core::Scenario& scenario) {
    std::vector<std::string> topics;
    for (const core::Tier tier : ConsumerCrew::tiersOf(scenario)) {
        topics.push_back(scenario.kafka.tier(tier).topic);
    }
    return topics;
}

} // namespace

core::Status Pipeline::State::openBroker() {
    topics = topicsOf(options.scenario);
    group = options.scenario.kafka.group;
    cluster.client = options.scenario.kafka.client;
    return options.target.broker == "embedded" ? openEmbeddedBroker() : openRealBroker();
}

core::Status Pipeline::State::openEmbeddedBroker() {
    auto partitions =
        partitionsFor(core::peakRate(options.scenario), meanSize(options.scenario), options.scenario.kafka.partitions);
    if (!partitions) {
        return partitions.error();
    }
    const int count = std::max(*partitions, options.scenario.consumer.concurrency);
    std::vector<std::string> madeTopics = topics;
    if (deadLettersToTopic()) {
        madeTopics.push_back(options.scenario.consumer.deadLetterTopic);
        note(
            {.kind = core::MarkKind::Warning,
             .detail = "The embedded broker keeps the newest 5 MiB of dead letters only; dead_letters: store keeps all",
             .end = core::End::Broker});
    }
    auto made = EmbeddedBroker::create(count, madeTopics);
    if (!made) {
        return made.error();
    }
    broker = std::move(*made);
    credit = std::make_unique<PartitionCredit>(topics, count);
    cluster = {broker->bootstrap(), {}}; // TLS and passwords are for real clusters
    auto asked = ClusterAdmin::create(cluster);
    if (!asked) {
        return asked.error();
    }
    admin = std::move(*asked);
    clusterId = "embedded-" + options.head.id;
    group += "-" + options.head.id;
    for (const std::string& topic : topics) {
        for (int i = 0; i < count; ++i) {
            startOffsets[{topic, {i}}] = {0};
        }
    }
    brokerFacts = {{"broker", "embedded"}, {"partitions", std::to_string(count)}};
    return {};
}

core::Status Pipeline::State::openRealBroker() {
    constexpr int kFewest = 6;
    cluster.bootstrap = options.target.broker;
    const int wanted =
        std::max(options.scenario.kafka.partitions.value_or(kFewest), options.scenario.consumer.concurrency);
    auto asked = ClusterAdmin::create(cluster);
    if (!asked) {
        return asked.error();
    }
    admin = std::move(*asked);
    std::map<std::string, int> needs;
    for (const std::string& topic : topics) {
        needs[topic] = wanted;
    }
    if (deadLettersToTopic()) {
        needs[options.scenario.consumer.deadLetterTopic] = 1;
    }
    auto partitions = admin->ensureTopics(needs);
    if (!partitions) {
        return partitions.error();
    }
    partitions->erase(options.scenario.consumer.deadLetterTopic); // nobody consumes it
    for (const std::string& shortage : ClusterAdmin::shortages(*partitions, options.scenario.consumer.concurrency)) {
        note({.kind = core::MarkKind::Warning, .detail = shortage, .end = core::End::Broker});
    }
    auto facts = admin->brokerFacts();
    if (!facts) {
        return facts.error();
    }
    clusterId = facts->clusterId;
    brokerFacts = {{"broker", options.target.broker},
                   {"broker.version", facts->version},
                   {"broker.cluster id", facts->clusterId},
                   {"broker.brokers", std::to_string(facts->brokers)}};
    for (const std::string& topic : topics) {
        if (auto topicFacts = admin->topicFacts(topic)) {
            brokerFacts["topic." + topic] =
                fmt::format("{} partitions, replication {}, min.insync.replicas {}", topicFacts->partitions,
                            topicFacts->replication, topicFacts->minInsyncReplicas);
        }
    }
    if (options.resuming) {
        return {}; // the partitions are read from their beginning where the store knows nothing of them
    }
    auto ends = admin->endOffsets(topics);
    if (!ends) {
        return ends.error();
    }
    startOffsets.insert(ends->begin(), ends->end());
    return {};
}

core::Status Pipeline::State::openStore() {
    StoreOptions wanted;
    wanted.url = options.target.store == "embedded" ? "sqlite:" + (options.directory / "events.sqlite").string()
                                                    : options.target.store;
    wanted.clusterId = clusterId;
    wanted.group = group;
    wanted.runId = options.head.id;
    auto opened = services::openStore(wanted, options.giveUp);
    if (!opened) {
        return opened.error();
    }
    store = std::move(*opened);
    if (const core::Status prepared = store->prepare(options.head.clocks.wall); !prepared) {
        return prepared;
    }
    auto tag = store->tag();
    if (!tag) {
        return tag.error();
    }
    storeTag = std::move(*tag);
    auto known = store->positions();
    if (!known) {
        return known.error();
    }
    for (const auto& [partition, next] : *known) {
        positions.stored(partition, next);
    }
    return {};
}

void Pipeline::State::openFilter() {
    if (options.target.dedupe == "memory") {
        memory = std::make_shared<MemoryFilter>(options.scenario.dedupe.ttl);
        return;
    }
    const RedisOptions redis{options.target.dedupe, options.scenario.dedupe.prefix, options.scenario.dedupe.ttl,
                             storeTag};
    if (const auto warning = redisMemoryWarning(redis, core::peakRate(options.scenario))) {
        note({.kind = core::MarkKind::Warning, .detail = *warning, .end = core::End::Filter});
    }
}

void Pipeline::State::keepSettings(const std::string& of, const std::map<std::string, std::string>& found) {
    const std::lock_guard lock(settingsMutex);
    for (const auto& [name, value] : found) {
        settings[of + "." + name] = value;
    }
}

core::Result<std::unique_ptr<core::Publisher>> Pipeline::State::deadLetterPublisher(const std::string& worker,
                                                                                    core::DeliverySink& sink) {
    const core::KafkaSettings& kafka = options.scenario.kafka;
    PublisherOptions wanted;
    wanted.cluster = cluster;
    wanted.stream = worker + "-dead-letters";
    wanted.tier = kafka.tier(core::Tier::Critical); // nothing is waited for
    wanted.tier.topic = options.scenario.consumer.deadLetterTopic;
    wanted.acks = core::Acks::All; // the offset moves only behind an acknowledged dead letter
    auto made = KafkaPublisher::create(std::move(wanted), sink);
    if (!made) {
        return made.error();
    }
    return std::unique_ptr<core::Publisher>(std::move(*made));
}

} // namespace services
