// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/target/broker_end.h"

#include "core/load/schedule.h"
#include "core/scenario/tiers_in_use.h"
#include "services/kafka/embedded_broker.h"
#include "services/kafka/kafka_publisher.h"
#include "services/kafka/kafka_subscriber.h"
#include "services/kafka/partition_credit.h"
#include "services/target/message_sizes.h"
#include "services/target/plain_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <mutex>
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
    core::Status waitForEmptyGroup(const TargetNote& note) const;
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
    for (const std::string& shortage : ClusterAdmin::shortages(*partitions, options.scenario.consumer.concurrency)) {
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
    const auto partitions = m_state->partitionsPerBroker.find(options.tier.topic);
    if (partitions != m_state->partitionsPerBroker.end() &&
        (!options.keysRepeat || std::holds_alternative<core::NoKey>(stream.event.key))) {
        options.partitionsPerBroker = partitions->second;
    }
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
    options.startOf = [&start = m_state->start](const core::TopicPartition& partition) {
        const auto known = start.find(partition);
        return known == start.end() ? core::Offset{} : known->second.second;
    };
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
    // Once in a hundred times an idempotent client (librdkafka 2.8) calls a message that follows a refused one
    // acknowledged without its being in the log. A letter that a retry brings twice is the smaller evil.
    options.idempotence = false;
    auto created = KafkaPublisher::create(std::move(options), sink);
    if (!created) {
        return created.error();
    }
    return std::unique_ptr<core::Publisher>(std::move(*created));
}

core::Result<core::Offset> BrokerEnd::startOf(const core::TopicPartition& partition) const {
    const auto start = m_state->start.find(partition);
    if (start != m_state->start.end()) {
        return start->second.second;
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

core::Result<LogBounds> BrokerEnd::bounds(core::Nanoseconds limit) const {
    return m_state->admin->logBounds(m_state->topics, limit);
}

const LogBounds& BrokerEnd::start() const {
    return m_state->start;
}

core::Result<LogBounds> BrokerEnd::stableBounds(core::Nanoseconds limit) {
    if (!m_state->stable) {
        auto created = ClusterAdmin::create(m_state->cluster, limit, ClusterAdmin::LogEnd::Stable);
        if (!created) {
            return created.error();
        }
        m_state->stable = std::move(*created);
    }
    return m_state->stable->logBounds(m_state->topics, limit);
}

core::Result<std::optional<std::vector<GroupMember>>> BrokerEnd::groupMembers(core::Nanoseconds limit) const {
    return m_state->admin->groupMembers(m_state->group, limit);
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
