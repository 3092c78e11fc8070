// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/run/pipeline.h"

#include "services/consumer/dead_letter_topic.h"
#include "services/dedupe/redis_filter.h"
#include "services/kafka/kafka_publisher.h"
#include "services/kafka/kafka_subscriber.h"
#include "services/run/pipeline_state.h"
#include "services/target/software_versions.h"
#include "services/target/target_address.h"

#include <fmt/format.h>

#include <utility>

namespace services {

using namespace std::chrono_literals;

core::Result<std::unique_ptr<Pipeline>> Pipeline::create(Options options, Note note) {
    auto state = std::make_unique<State>();
    state->options = std::move(options);
    state->note = std::move(note);
    if (const core::Status opened = state->openBroker(); !opened) {
        return opened.error();
    }
    if (const core::Status opened = state->openStore(); !opened) {
        return opened.error();
    }
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
    if (!made) {
        return made.error();
    }
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
        if (!made) {
            return made.error();
        }
        state->keepSettings("consumer." + name, (*made)->settings());
        return std::unique_ptr<core::Subscriber>(std::move(*made));
    };
    ports.openStore = [state, name](std::stop_token stop) { return state->store->session(name, std::move(stop)); };
    ports.openFilter = [state]() -> std::unique_ptr<core::DuplicateFilter> {
        if (state->memory) {
            return state->memory->handle();
        }
        return std::make_unique<RedisFilter>(RedisOptions{state->options.target.dedupe,
                                                          state->options.scenario.dedupe.prefix,
                                                          state->options.scenario.dedupe.ttl, state->storeTag});
    };
    ports.startOf = [state](const core::TopicPartition& partition) -> core::Result<core::Offset> {
        const auto start = state->startOffsets.find(partition);
        if (start != state->startOffsets.end()) {
            return start->second;
        }
        auto marks = state->admin->watermarks(partition); // a partition that the start of the run did not see
        if (!marks) {
            return marks.error();
        }
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
        if (state->credit) {
            state->credit->stored(partition, next);
        }
    };
    ports.note = [state, name](core::Mark met) {
        met.name = name;
        state->note(std::move(met));
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
    if (!ends) {
        return ends.error();
    }
    for (const auto& [partition, end] : *ends) {
        m_state->positions.expect(partition, m_state->startOffsets[partition], end);
    }
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
    facts["dedupe"] = m_state->memory ? "memory" : withoutSecrets(options.target).dedupe;
    for (const auto& [name, value] : m_state->store->facts()) {
        facts["store." + name] = value;
    }
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
    for (const auto& [name, value] : m_state->store->facts()) {
        if (name == "version") {
            versions["store"] = value;
        }
    }
    return versions;
}

} // namespace services
