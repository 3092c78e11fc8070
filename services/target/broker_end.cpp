// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/target/broker_end.h"

#include "services/kafka/kafka_publisher.h"
#include "services/kafka/kafka_subscriber.h"
#include "services/target/broker_end_state.h"

#include <fmt/format.h>

#include <algorithm>

namespace services {

BrokerEnd::BrokerEnd(std::unique_ptr<State> state) : m_state(std::move(state)) {}
BrokerEnd::~BrokerEnd() = default;

void BrokerEnd::State::keepSettings(const std::string& of, const std::map<std::string, std::string>& found) {
    const std::lock_guard lock(mutex);
    for (const auto& [name, value] : found) {
        settings[fmt::format("{}.{}", of, name)] = value;
    }
}

/// As the range assignor deals them out, in the order in which workers come. A worker keeps its share.
std::vector<core::TopicPartition> BrokerEnd::State::shareOf(core::Tier tier, const std::string& worker) {
    const std::lock_guard lock(mutex);
    std::vector<std::string>& known = workers[tier];
    auto place = std::ranges::find(known, worker);
    if (place == known.end()) {
        place = known.insert(known.end(), worker);
    }
    const auto index = static_cast<int>(place - known.begin());
    const std::string& topic = options.scenario.kafka.tier(tier).topic;
    const int all = partitionsPerBroker.at(topic);
    const int each = all / options.scenario.consumer.concurrency;
    const int more = all % options.scenario.consumer.concurrency; // so many have one more
    const int first = index * each + std::min(index, more);
    std::vector<core::TopicPartition> share;
    for (int i = first; i < first + each + (index < more ? 1 : 0); ++i) {
        share.push_back({topic, {i}});
    }
    return share;
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
    if (options.embedded) {
        options.share = m_state->shareOf(tier, name);
    }
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
    const std::lock_guard lock(m_state->mutex);
    m_state->clientIds.insert(options.clientId);
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
    auto members = m_state->admin->groupMembers(m_state->group, limit);
    if (!members || !*members) {
        return members;
    }
    const std::lock_guard lock(m_state->mutex);
    std::vector<GroupMember> others = **members;
    std::erase_if(others, [&](const GroupMember& each) { // another run's have the same names
        return m_state->clientIds.contains(each.clientId) &&
               std::ranges::count(**members, each.clientId, &GroupMember::clientId) == 1;
    });
    return std::optional(std::move(others));
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
