// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/target/broker_end.h"

#include "core/load/schedule.h"
#include "core/scenario/tiers_in_use.h"
#include "services/kafka/cluster_admin.h"
#include "services/kafka/embedded_broker.h"
#include "services/kafka/kafka_publisher.h"
#include "services/kafka/kafka_subscriber.h"
#include "services/kafka/partition_credit.h"
#include "services/target/message_sizes.h"
#include "services/target/plain_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <mutex>

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

} // namespace

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
    std::map<core::TopicPartition, core::Offset> startOffsets; // as open() left it
    std::map<std::string, std::uint64_t> topicLimits;          // of a message in bytes; as open() left it
    mutable std::mutex mutex;
    std::map<std::string, std::string> settings; // guarded by mutex

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
    void keepSettings(const std::string& of, const std::map<std::string, std::string>& found);
    bool deadLettersToTopic() const {
        return options.scenario.consumer.deadLetters == core::ConsumerSettings::DeadLetters::Topic;
    }
};

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

BrokerEnd::BrokerEnd(std::unique_ptr<State> state) : m_state(std::move(state)) {}
BrokerEnd::~BrokerEnd() = default;

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
        for (int i = 0; i < count; ++i) {
            startOffsets[{topic, {i}}] = {0};
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
    for (const std::string& shortage : ClusterAdmin::shortages(*partitions, options.scenario.consumer.concurrency)) {
        note({.kind = core::MarkKind::Warning, .detail = shortage, .end = core::End::Broker});
    }
    if (const core::Status read = readFacts(); !read) {
        return read;
    }
    for (const std::string& tight : sizeWarnings(options.scenario, topicLimits)) {
        note({.kind = core::MarkKind::Warning, .detail = tight, .end = core::End::Broker});
    }
    // A killed run's partitions are read from their beginning where the store knows nothing of them.
    return options.resuming ? core::Status() : readStart();
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
            if (topicFacts->maxMessageBytes) {
                topicLimits[topic] = *topicFacts->maxMessageBytes;
            }
        }
    }
    return {};
}

core::Status BrokerEnd::State::readStart() {
    const auto ends = admin->endOffsets(topics);
    if (!ends) {
        return ends.error();
    }
    startOffsets.insert(ends->begin(), ends->end());
    return {};
}

void BrokerEnd::State::keepSettings(const std::string& of, const std::map<std::string, std::string>& found) {
    const std::lock_guard lock(mutex);
    for (const auto& [name, value] : found) {
        settings[fmt::format("{}.{}", of, name)] = value;
    }
}

core::Result<std::unique_ptr<core::Publisher>> BrokerEnd::publisher(const core::Stream& stream,
                                                                    core::DeliverySink& sink) {
    const core::KafkaSettings& kafka = m_state->options.scenario.kafka;
    PublisherOptions options;
    options.cluster = m_state->cluster;
    options.stream = stream.name;
    options.tier = kafka.tier(stream.tier);
    options.acks = kafka.acks;
    options.idempotence = kafka.idempotence;
    options.keysRepeat = !std::holds_alternative<core::KeyById>(stream.event.key);
    options.topicLimit = m_state->topicLimit(options.tier.topic);
    options.credit = m_state->credit ? m_state->credit->topic(options.tier.topic) : nullptr;
    auto created = KafkaPublisher::create(std::move(options), sink);
    if (!created) {
        return created.error();
    }
    m_state->keepSettings("producer." + stream.name, (*created)->settings());
    return std::unique_ptr<core::Publisher>(std::move(*created));
}

core::Result<std::unique_ptr<core::Subscriber>> BrokerEnd::subscriber(core::Tier tier, const std::string& name,
                                                                      core::AssignmentListener& listener) {
    const core::Scenario& scenario = m_state->options.scenario;
    SubscriberOptions options;
    options.cluster = m_state->cluster;
    options.group = m_state->group;
    options.topics = {scenario.kafka.tier(tier).topic};
    options.sessionTimeout = scenario.consumer.sessionTimeout;
    options.embedded = embedded();
    options.clientId = "millrace-" + name;
    auto created = KafkaSubscriber::create(options, listener);
    if (!created) {
        return created.error();
    }
    m_state->keepSettings("consumer." + name, (*created)->settings());
    return std::unique_ptr<core::Subscriber>(std::move(*created));
}

core::Result<std::unique_ptr<core::Publisher>> BrokerEnd::deadLetterPublisher(const std::string& worker,
                                                                              core::DeliverySink& sink, bool oneByOne) {
    constexpr std::uint64_t kLargestOfAll = 1'000'000'000; // that librdkafka knows: what came in must get out
    const core::Scenario& scenario = m_state->options.scenario;
    PublisherOptions options;
    options.cluster = m_state->cluster;
    options.cluster.client.erase("message.max.bytes");
    options.largestEvent = kLargestOfAll;
    options.stream = worker + "-dead-letters";
    options.tier = scenario.kafka.tier(core::Tier::Critical); // nothing is waited for
    options.tier.topic = scenario.consumer.deadLetterTopic;
    if (oneByOne) {
        options.tier.batch = {1};
    }
    options.acks = core::Acks::All; // the offset moves only behind an acknowledged dead letter
    auto created = KafkaPublisher::create(std::move(options), sink);
    if (!created) {
        return created.error();
    }
    return std::unique_ptr<core::Publisher>(std::move(*created));
}

core::Result<core::Offset> BrokerEnd::startOf(const core::TopicPartition& partition) const {
    const auto start = m_state->startOffsets.find(partition);
    if (start != m_state->startOffsets.end()) {
        return start->second;
    }
    const auto marks = bounds(partition); // a partition that the start of the run did not see
    if (!marks) {
        return marks.error();
    }
    return marks->first;
}

core::Result<std::pair<core::Offset, core::Offset>> BrokerEnd::bounds(const core::TopicPartition& partition) const {
    return m_state->admin->watermarks(partition);
}

core::Result<std::vector<std::pair<core::TopicPartition, core::Offset>>>
BrokerEnd::ends(std::optional<core::Nanoseconds> limit) const {
    return m_state->admin->endOffsets(m_state->topics, limit);
}

void BrokerEnd::stored(const core::TopicPartition& partition, core::Offset next) {
    if (m_state->credit) {
        m_state->credit->stored(partition, next);
    }
}

bool BrokerEnd::embedded() const {
    return m_state->broker != nullptr;
}

const std::string& BrokerEnd::clusterId() const {
    return m_state->clusterId;
}

const std::string& BrokerEnd::group() const {
    return m_state->group;
}

std::map<std::string, std::string> BrokerEnd::facts() const {
    return m_state->facts;
}

std::map<std::string, std::string> BrokerEnd::settings() const {
    const std::lock_guard lock(m_state->mutex);
    return m_state->settings;
}

} // namespace services
