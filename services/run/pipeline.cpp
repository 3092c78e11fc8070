#include "services/run/pipeline.h"

#include "core/load/schedule.h"
#include "services/consumer/dead_letter_topic.h"
#include "services/dedupe/memory_filter.h"
#include "services/dedupe/redis_filter.h"
#include "services/kafka/cluster_admin.h"
#include "services/kafka/embedded_broker.h"
#include "services/kafka/kafka_publisher.h"
#include "services/kafka/kafka_subscriber.h"
#include "services/kafka/partition_credit.h"
#include "services/run/consumer_crew.h"
#include "services/run/software_versions.h"
#include "services/run/stored_positions.h"
#include "services/run/target_address.h"
#include "services/store/store.h"

#include <fmt/format.h>

#include <algorithm>
#include <mutex>

namespace services {

using namespace std::chrono_literals;

namespace {

constexpr std::size_t kOverhead = 60; // of an event beyond its payload, when room is reckoned

core::Bytes meanSize(const core::Scenario& scenario) {
    std::uint64_t largest = 0;
    for (const core::Stream& stream : scenario.streams)
        largest = std::max(largest, (stream.event.size.min.count + stream.event.size.max.count) / 2);
    return {largest + kOverhead};
}

std::vector<std::string> topicsOf(const core::Scenario& scenario) {
    std::vector<std::string> topics;
    for (const core::Tier tier : ConsumerCrew::tiersOf(scenario))
        topics.push_back(scenario.kafka.tier(tier).topic);
    return topics;
}

} // namespace

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

core::Status Pipeline::State::openBroker() {
    topics = topicsOf(options.scenario);
    group = options.scenario.kafka.group;
    cluster.client = options.scenario.kafka.client;
    return options.target.broker == "embedded" ? openEmbeddedBroker() : openRealBroker();
}

core::Status Pipeline::State::openEmbeddedBroker() {
    auto partitions =
        partitionsFor(core::peakRate(options.scenario), meanSize(options.scenario), options.scenario.kafka.partitions);
    if (!partitions)
        return partitions.error();
    const int count = std::max(*partitions, options.scenario.consumer.concurrency);
    std::vector<std::string> madeTopics = topics;
    if (deadLettersToTopic()) {
        madeTopics.push_back(options.scenario.consumer.deadLetterTopic);
        note("warning",
             "The embedded broker keeps the newest 5 MiB of dead letters only; dead_letters: store keeps all");
    }
    auto made = EmbeddedBroker::create(count, madeTopics);
    if (!made)
        return made.error();
    broker = std::move(*made);
    credit = std::make_unique<PartitionCredit>(topics, count);
    cluster = {broker->bootstrap(), {}}; // TLS and passwords are for real clusters
    auto asked = ClusterAdmin::create(cluster);
    if (!asked)
        return asked.error();
    admin = std::move(*asked);
    clusterId = "embedded-" + options.head.id;
    group += "-" + options.head.id;
    for (const std::string& topic : topics)
        for (int i = 0; i < count; ++i)
            startOffsets[{topic, {i}}] = {0};
    brokerFacts = {{"broker", "embedded"}, {"partitions", std::to_string(count)}};
    return {};
}

core::Status Pipeline::State::openRealBroker() {
    constexpr int kFewest = 6;
    cluster.bootstrap = options.target.broker;
    const int wanted =
        std::max(options.scenario.kafka.partitions.value_or(kFewest), options.scenario.consumer.concurrency);
    auto asked = ClusterAdmin::create(cluster);
    if (!asked)
        return asked.error();
    admin = std::move(*asked);
    std::map<std::string, int> needs;
    for (const std::string& topic : topics)
        needs[topic] = wanted;
    if (deadLettersToTopic())
        needs[options.scenario.consumer.deadLetterTopic] = 1;
    auto partitions = admin->ensureTopics(needs);
    if (!partitions)
        return partitions.error();
    partitions->erase(options.scenario.consumer.deadLetterTopic); // nobody consumes it
    for (const std::string& shortage : ClusterAdmin::shortages(*partitions, options.scenario.consumer.concurrency))
        note("warning", shortage);
    auto facts = admin->brokerFacts();
    if (!facts)
        return facts.error();
    clusterId = facts->clusterId;
    brokerFacts = {{"broker", options.target.broker},
                   {"broker.version", facts->version},
                   {"broker.cluster id", facts->clusterId},
                   {"broker.brokers", std::to_string(facts->brokers)}};
    for (const std::string& topic : topics)
        if (auto topicFacts = admin->topicFacts(topic))
            brokerFacts["topic." + topic] =
                fmt::format("{} partitions, replication {}, min.insync.replicas {}", topicFacts->partitions,
                            topicFacts->replication, topicFacts->minInsyncReplicas);
    if (options.resuming)
        return {}; // the partitions are read from their beginning where the store knows nothing of them
    auto ends = admin->endOffsets(topics);
    if (!ends)
        return ends.error();
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
    auto opened = services::openStore(wanted);
    if (!opened)
        return opened.error();
    store = std::move(*opened);
    if (const core::Status prepared = store->prepare(options.head.clocks.wall); !prepared)
        return prepared;
    auto tag = store->tag();
    if (!tag)
        return tag.error();
    storeTag = std::move(*tag);
    auto known = store->positions();
    if (!known)
        return known.error();
    for (const auto& [partition, next] : *known)
        positions.stored(partition, next);
    return {};
}

void Pipeline::State::openFilter() {
    if (options.target.dedupe == "memory") {
        memory = std::make_shared<MemoryFilter>(options.scenario.dedupe.ttl);
        return;
    }
    const RedisOptions redis{options.target.dedupe, options.scenario.dedupe.prefix, options.scenario.dedupe.ttl,
                             storeTag};
    if (const auto warning = redisMemoryWarning(redis, core::peakRate(options.scenario)))
        note("warning", *warning);
}

void Pipeline::State::keepSettings(const std::string& of, const std::map<std::string, std::string>& found) {
    const std::lock_guard lock(settingsMutex);
    for (const auto& [name, value] : found)
        settings[of + "." + name] = value;
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
    if (!made)
        return made.error();
    return std::unique_ptr<core::Publisher>(std::move(*made));
}

core::Result<std::unique_ptr<Pipeline>> Pipeline::create(Options options, Note note) {
    auto state = std::make_unique<State>();
    state->options = std::move(options);
    state->note = std::move(note);
    if (const core::Status opened = state->openBroker(); !opened)
        return opened.error();
    if (const core::Status opened = state->openStore(); !opened)
        return opened.error();
    state->openFilter();
    return std::unique_ptr<Pipeline>(new Pipeline(std::move(state)));
}

Pipeline::Pipeline(std::unique_ptr<State> state) : m_state(std::move(state)) {}
Pipeline::~Pipeline() = default;

core::Result<std::unique_ptr<core::Publisher>> Pipeline::publisher(const core::Stream& stream,
                                                                   core::DeliverySink& sink) {
    const core::KafkaSettings& kafka = m_state->options.scenario.kafka;
    PublisherOptions options;
    options.cluster = m_state->cluster;
    options.stream = stream.name;
    options.tier = kafka.tier(stream.tier);
    options.acks = kafka.acks;
    options.idempotence = kafka.idempotence;
    options.credit = m_state->credit ? m_state->credit->topic(options.tier.topic) : nullptr;
    auto made = KafkaPublisher::create(std::move(options), sink);
    if (!made)
        return made.error();
    m_state->keepSettings("producer." + stream.name, (*made)->settings());
    return std::unique_ptr<core::Publisher>(std::move(*made));
}

ConsumerOptions Pipeline::consumerOptions(core::Tier tier) const {
    const Options& options = m_state->options;
    ConsumerOptions consumer;
    consumer.settings = options.scenario.consumer;
    consumer.criticalTier = tier == core::Tier::Critical;
    consumer.batch = consumer.criticalTier ? options.scenario.consumer.criticalBatch : options.scenario.consumer.batch;
    consumer.clocks = options.head.clocks;
    consumer.run = options.head.identity;
    consumer.resetOffsets = options.resetOffsets;
    return consumer;
}

ConsumerPorts Pipeline::consumerPorts(core::Tier tier, const std::string& name) {
    State* state = m_state.get(); // outlives the workers
    ConsumerPorts ports;
    ports.subscribe = [state, tier,
                       name](core::AssignmentListener& listener) -> core::Result<std::unique_ptr<core::Subscriber>> {
        SubscriberOptions options;
        options.cluster = state->cluster;
        options.group = state->group;
        options.topics = {state->options.scenario.kafka.tier(tier).topic};
        options.sessionTimeout = state->options.scenario.consumer.sessionTimeout;
        options.embedded = state->broker != nullptr;
        options.clientId = "millrace-" + name;
        auto made = KafkaSubscriber::create(options, listener);
        if (!made)
            return made.error();
        state->keepSettings("consumer." + name, (*made)->settings());
        return std::unique_ptr<core::Subscriber>(std::move(*made));
    };
    ports.openStore = [state, name](std::stop_token stop) { return state->store->session(name, stop); };
    ports.openFilter = [state]() -> std::unique_ptr<core::DuplicateFilter> {
        if (state->memory)
            return state->memory->handle();
        return std::make_unique<RedisFilter>(RedisOptions{state->options.target.dedupe,
                                                          state->options.scenario.dedupe.prefix,
                                                          state->options.scenario.dedupe.ttl, state->storeTag});
    };
    ports.startOf = [state](const core::TopicPartition& partition) -> core::Result<core::Offset> {
        const auto start = state->startOffsets.find(partition);
        if (start != state->startOffsets.end())
            return start->second;
        auto marks = state->admin->watermarks(partition); // a partition that the start of the run did not see
        if (!marks)
            return marks.error();
        return marks->first;
    };
    ports.bounds = [state](const core::TopicPartition& partition) { return state->admin->watermarks(partition); };
    if (state->deadLettersToTopic()) {
        // Shared because a std::function must be copyable; only the worker's thread uses it.
        auto letters = std::make_shared<DeadLetterTopic>(
            [state, name](core::DeliverySink& sink) { return state->deadLetterPublisher(name, sink); });
        ports.deadLetterTopic = [letters](std::span<const core::DeadLetter> waiting) { return letters->send(waiting); };
    }
    ports.positionStored = [state](const core::TopicPartition& partition, core::Offset next) {
        state->positions.stored(partition, next);
        if (state->credit)
            state->credit->stored(partition, next);
    };
    ports.note = [state, name](const std::string& kind, const std::string& text) {
        state->note(kind, name + ": " + text);
    };
    ports.now = [] { return std::chrono::steady_clock::now(); };
    ports.wallNow = [] { return std::chrono::system_clock::now(); };
    return ports;
}

core::Store& Pipeline::store() {
    return *m_state->store;
}

core::Status Pipeline::markEnd() {
    auto ends = m_state->admin->endOffsets(m_state->topics);
    if (!ends)
        return ends.error();
    for (const auto& [partition, end] : *ends)
        m_state->positions.expect(partition, m_state->startOffsets[partition], end);
    return {};
}

std::uint64_t Pipeline::undrained() const {
    return m_state->positions.missing();
}

std::vector<std::pair<core::TopicPartition, core::Offset>> Pipeline::positions() const {
    return m_state->positions.all();
}

bool Pipeline::embeddedBroker() const {
    return m_state->broker != nullptr;
}

std::map<std::string, std::string> Pipeline::targetFacts() {
    const Options& options = m_state->options;
    std::map<std::string, std::string> facts = m_state->brokerFacts;
    facts["store"] = m_state->store->describe();
    facts["dedupe"] = m_state->memory ? "memory" : withoutPassword(options.target.dedupe);
    for (const auto& [name, value] : m_state->store->facts())
        facts["store." + name] = value;
    return facts;
}

std::map<std::string, std::string> Pipeline::settings() {
    const core::ConsumerSettings& consumer = m_state->options.scenario.consumer;
    const std::lock_guard lock(m_state->settingsMutex);
    std::map<std::string, std::string> all = m_state->settings;
    all["group"] = m_state->group;
    all["consumer.concurrency"] = std::to_string(consumer.concurrency);
    all["consumer.batch"] = std::to_string(consumer.batch);
    all["consumer.linger"] = fmt::format("{} us", consumer.linger / 1us);
    all["dedupe.ttl"] = fmt::format("{} s", m_state->options.scenario.dedupe.ttl / 1s);
    return all;
}

std::map<std::string, std::string> Pipeline::versions() {
    std::map<std::string, std::string> versions = softwareVersions();
    for (const auto& [name, value] : m_state->store->facts())
        if (name == "version")
            versions["store"] = value;
    return versions;
}

} // namespace services
