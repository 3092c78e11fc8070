// SPDX-License-Identifier: GPL-3.0-or-later
// How an end finds its broker before the load.
#include "core/load/schedule.h"
#include "core/scenario/tiers_in_use.h"
#include "services/target/broker_end_state.h"
#include "services/target/message_sizes.h"
#include "services/target/plain_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <thread>

namespace services {

using namespace std::chrono_literals;

namespace {

constexpr core::Nanoseconds kStartLimit = 10s;     // for one question before the load
constexpr core::Nanoseconds kStrangersLimit = 15s; // for others to leave the group
constexpr std::size_t kOverhead = 60;              // of an event beyond its payload, when room is reckoned

core::Bytes meanSize(const core::Scenario& scenario) {
    std::uint64_t largest = 0;
    for (const core::Stream& stream : scenario.streams) {
        largest = std::max(largest, (stream.event.size.min.count + stream.event.size.max.count) / 2);
    }
    return {largest + kOverhead};
}

} // namespace

core::Result<std::unique_ptr<BrokerEnd>> BrokerEnd::open(Options options, const TargetNote& note) {
    auto state = std::make_unique<State>();
    state->options = std::move(options);
    const core::Scenario& scenario = state->options.scenario;
    state->topics = core::topicsInUse(scenario);
    state->group = scenario.kafka.group;
    state->cluster.client = scenario.kafka.client;
    const core::Status opened = state->options.broker.isEmbedded() ? state->openEmbedded(note) : state->openReal(note);
    if (!opened) {
        return opened.error();
    }
    return std::unique_ptr<BrokerEnd>(new BrokerEnd(std::move(state)));
}

core::Status BrokerEnd::State::connect() {
    auto asked = ClusterAdmin::create(cluster);
    if (!asked) {
        return asked.error();
    }
    admin = std::move(*asked);
    return {};
}

core::Status BrokerEnd::State::openEmbedded(const TargetNote& note) {
    auto partitions =
        partitionsFor(core::peakRate(options.scenario), meanSize(options.scenario), options.scenario.kafka.partitions);
    if (!partitions) {
        return partitions.error();
    }
    const int count = std::max(*partitions, options.scenario.consumer.concurrency);
    std::vector<std::string> created = topics;
    if (deadLettersToTopic()) {
        created.push_back(options.scenario.consumer.deadLetterTopic);
        note(
            {.kind = core::MarkKind::Warning,
             .detail = "The embedded broker keeps the newest 5 MiB of dead letters only; dead_letters: store keeps all",
             .end = core::End::Broker});
    }
    auto opened = EmbeddedBroker::create(count, created);
    if (!opened) {
        return opened.error();
    }
    broker = std::move(*opened);
    credit = std::make_unique<PartitionCredit>(topics, count);
    cluster = {broker->bootstrap(), {}}; // TLS and passwords are for real clusters
    if (const core::Status connected = connect(); !connected) {
        return connected;
    }
    clusterId = "embedded-" + options.runId;
    group.append("-").append(options.runId);
    for (const std::string& topic : topics) {
        partitionsPerBroker[topic] = count;
        for (int i = 0; i < count; ++i) {
            start[{topic, {i}}] = {};
        }
    }
    facts = {{"broker", "embedded"}, {"partitions", std::to_string(count)}};
    return {};
}

core::Status BrokerEnd::State::openReal(const TargetNote& note) {
    cluster.bootstrap = options.broker.shown();
    if (const core::Status connected = connect(); !connected) {
        return connected;
    }
    const auto partitions = ensureTopics();
    if (!partitions) {
        return partitions.error();
    }
    if (const auto warning = plainTextWarning(options.broker, options.scenario.kafka)) {
        note({.kind = core::MarkKind::Warning, .detail = *warning, .end = core::End::Broker});
    }
    const bool ours = options.scenario.consumer.by == core::ConsumedBy::Millrace;
    for (const std::string& shortage :
         ClusterAdmin::shortages(*partitions, ours ? options.scenario.consumer.concurrency : 1)) {
        note({.kind = core::MarkKind::Warning, .detail = shortage, .end = core::End::Broker});
    }
    if (const core::Status read = readFacts(); !read) {
        return read;
    }
    for (const std::string& tight : sizeWarnings(options.scenario, topicLimits)) {
        note({.kind = core::MarkKind::Warning, .detail = tight, .end = core::End::Broker});
    }
    if (options.resuming) { // its own members may not be gone yet
        return {};          // partitions are read from their beginning where the store knows nothing of them
    }
    if (options.byDaemons || options.scenario.consumer.by != core::ConsumedBy::Millrace) {
        return readStart(); // whoever is in the group is at home there
    }
    if (const core::Status alone = waitForEmptyGroup(note); !alone) {
        return alone;
    }
    return readStart();
}

/// How many partitions each of the run's topics has.
core::Result<std::map<std::string, int>> BrokerEnd::State::ensureTopics() {
    constexpr int kFewest = 6;
    const int wanted =
        std::max(options.scenario.kafka.partitions.value_or(kFewest), options.scenario.consumer.concurrency);
    std::map<std::string, int> needs;
    for (const std::string& topic : topics) {
        needs[topic] = wanted;
    }
    if (deadLettersToTopic()) {
        needs[options.scenario.consumer.deadLetterTopic] = 1;
    }
    auto partitions = admin->ensureTopics(needs);
    if (partitions) {
        partitions->erase(options.scenario.consumer.deadLetterTopic); // nobody consumes it
    }
    return partitions;
}

core::Status BrokerEnd::State::readFacts() {
    const auto found = admin->brokerFacts();
    if (!found) {
        return found.error();
    }
    clusterId = found->clusterId;
    facts = {{"broker", options.broker.shown()},
             {"broker.version", found->version},
             {"broker.cluster id", found->clusterId},
             {"broker.brokers", std::to_string(found->brokers)}};
    for (const std::string& topic : topics) {
        if (const auto topicFacts = admin->topicFacts(topic)) {
            facts["topic." + topic] =
                fmt::format("{} partitions, replication {}, min.insync.replicas {}", topicFacts->partitions,
                            topicFacts->replication, topicFacts->minInsyncReplicas);
            partitionsPerBroker[topic] = topicFacts->partitions / std::max(found->brokers, 1);
            if (topicFacts->maxMessageBytes) {
                topicLimits[topic] = *topicFacts->maxMessageBytes;
            }
        }
    }
    return {};
}

core::Status BrokerEnd::State::readStart() {
    auto bounds = admin->logBounds(topics, kStartLimit);
    if (!bounds) {
        return bounds.error();
    }
    start = std::move(*bounds);
    return {};
}

/// Another member would be given some of the partitions, so that the run would not see what becomes of its events; and
/// joining would take partitions away from that member, which may be somebody's production.
core::Status BrokerEnd::State::waitForEmptyGroup(const TargetNote& note) const {
    const auto asked = [this](const core::TopicPartition& partition) {
        return std::ranges::find(topics, partition.topic) != topics.end();
    };
    // A member that was killed keeps its place until its session has ended.
    const auto until = std::chrono::steady_clock::now() +
                       std::max<core::Nanoseconds>(kStrangersLimit, options.scenario.consumer.sessionTimeout + 5s);
    std::string told;
    for (;;) {
        const auto members = admin->groupMembers(group, kStartLimit);
        const std::string holders = members && *members ? holdersText(**members, asked) : "";
        if (!members || (*members && holders.empty())) {
            return {}; // nobody, or nobody who may be known: the consumers will see
        }
        if (!holders.empty() && told.empty()) {
            note({.kind = core::MarkKind::Warning,
                  .detail = fmt::format("Group '{}' has other members ({}): waiting for them to leave", group, holders),
                  .end = core::End::Broker});
        }
        told = holders.empty() ? told : holders;
        if (options.giveUp.stop_requested()) {
            return core::transient("The start was given up.");
        }
        if (std::chrono::steady_clock::now() > until) {
            return told.empty() ? core::Status()
                                : core::transient(fmt::format("Group '{}' has other members: {}.", group, told),
                                                  "Stop them, or give the run a group of its own (kafka.group).");
        }
        std::this_thread::sleep_for(200ms);
    }
}

} // namespace services
