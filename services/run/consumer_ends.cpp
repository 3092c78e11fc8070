// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/run/consumer_ends.h"

#include "services/consumer/dead_letter_topic.h"

#include <algorithm>
#include <map>
#include <utility>

namespace services {

ConsumerEnds::ConsumerEnds(Options options, BrokerEnd& broker, StoreEnd& store, FilterEnd& filter, TargetNote note)
    : m_options(std::move(options)), m_broker(broker), m_store(store), m_filter(filter), m_note(std::move(note)) {
    for (const auto& [partition, next] : store.positions) {
        m_positions.stored(partition, next);
    }
}

ConsumerSetup ConsumerEnds::worker(core::Tier tier, const std::string& name) {
    return {optionsOf(tier), portsOf(tier, name)};
}

ConsumerOptions ConsumerEnds::optionsOf(core::Tier tier) const {
    ConsumerOptions consumer;
    consumer.settings = m_options.settings;
    consumer.criticalTier = tier == core::Tier::Critical;
    consumer.batch = consumer.criticalTier ? m_options.settings.criticalBatch : m_options.settings.batch;
    consumer.clocks = m_options.head.clocks;
    consumer.run = m_options.head.identity;
    if (consumer.run.everyEventAs) {
        consumer.run.everyEventAs = static_cast<std::uint8_t>(tier);
    }
    consumer.resetOffsets = m_options.resetOffsets;
    return consumer;
}

ConsumerPorts ConsumerEnds::portsOf(core::Tier tier, const std::string& name) {
    ConsumerPorts ports;
    ports.subscribe = [this, tier, name](core::AssignmentListener& listener) {
        return m_broker.subscriber(tier, name, listener);
    };
    ports.openStore = [this, name](std::stop_token stop) { return m_store.store->session(name, std::move(stop)); };
    ports.openFilter = [this](const std::string& storeTag) { return m_filter.filter(storeTag); };
    ports.storedUpTo = [this](const core::TopicPartition& partition) { return m_positions.highest(partition); };
    ports.storeWentBack = [this](const core::TopicPartition& partition, core::Offset next) {
        m_positions.wentBack(partition, next);
        m_storeDecides.store(true, std::memory_order_release);
    };
    ports.positionReset = [this](const core::TopicPartition& partition, core::Offset next) {
        m_positions.restart(partition, next);
    };
    ports.unresolved = [this] { m_storeDecides.store(true, std::memory_order_release); };
    ports.startOf = [this](const core::TopicPartition& partition) { return m_broker.startOf(partition); };
    ports.bounds = [this](const core::TopicPartition& partition) { return m_broker.bounds(partition); };
    if (m_options.settings.deadLetters == core::ConsumerSettings::DeadLetters::Topic) {
        // Shared because a std::function must be copyable; only the worker's thread uses it.
        auto letters = std::make_shared<DeadLetterTopic>([this, name](core::DeliverySink& sink, bool oneByOne) {
            return m_broker.deadLetterPublisher(name, sink, oneByOne);
        });
        ports.deadLetterTopic = [letters](std::span<const core::DeadLetter> waiting) { return letters->send(waiting); };
    }
    ports.positionStored = [this](const core::TopicPartition& partition, core::Offset next) {
        m_positions.stored(partition, next);
        m_broker.stored(partition, next);
    };
    ports.note = [this, name](core::Mark met) {
        met.name = name;
        m_note(std::move(met));
    };
    ports.now = [] { return std::chrono::steady_clock::now(); };
    ports.wallNow = [] { return std::chrono::system_clock::now(); };
    return ports;
}

core::Result<bool> ConsumerEnds::storeIsBehind() {
    const auto now = m_store.store->positions();
    if (!now) {
        return now.error();
    }
    const std::map<core::TopicPartition, core::Offset> stored(now->begin(), now->end());
    return std::ranges::any_of(m_positions.all(), [&](const auto& ours) {
        const auto found = stored.find(ours.first);
        return m_positions.highest(ours.first) && (found == stored.end() || found->second < ours.second);
    });
}

core::Status ConsumerEnds::markEnd(std::optional<core::Nanoseconds> limit) {
    const auto ends = m_broker.ends(limit);
    if (!ends) {
        return ends.error();
    }
    for (const auto& [partition, end] : *ends) {
        const auto start = m_broker.startOf(partition);
        if (!start) {
            return start.error();
        }
        m_positions.expect(partition, *start, end);
    }
    return {};
}

} // namespace services
