// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/run/consumer_ends.h"

#include "services/consumer/dead_letter_topic.h"

#include <algorithm>
#include <chrono>
#include <map>
#include <thread>
#include <utility>

namespace services {

using namespace std::chrono_literals;

ConsumerEnds::ConsumerEnds(Options options, BrokerEnd& broker, StoreEnd& store, FilterEnd& filter, TargetNote note)
    : m_options(std::move(options)),
      m_broker(broker),
      m_store(store),
      m_filter(filter),
      m_note(std::move(note)),
      m_watch(broker, m_positions, m_note, !m_options.byDaemons) {
    for (const auto& [partition, log] : broker.start()) {
        m_positions.begin(partition, log.first, log.second);
    }
    for (const auto& [partition, next] : store.positions) {
        m_positions.stored(partition, next);
        m_positions.committed(partition, next);
    }
    m_olderAtFirst = m_positions.older();
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
    ports.storedUpTo = [this](const core::TopicPartition& partition) { return m_positions.committed(partition); };
    ports.storeWentBack = [this] { m_storeDecides.store(true, std::memory_order_release); };
    ports.positionReset = [this](const core::TopicPartition& partition, core::Offset next) {
        m_positions.restarted(partition, next);
    };
    ports.refused = [this](const std::string& reason) {
        if (m_refusal.setFirst(reason)) { // of several workers
            m_note({.kind = core::MarkKind::Error,
                    .detail = "An event became a dead letter: " + reason,
                    .end = core::End::Store});
        }
    };
    ports.unresolved = [this] { m_storeDecides.store(true, std::memory_order_release); };
    ports.startOf = [this](const core::TopicPartition& partition) { return m_broker.startOf(partition); };
    ports.beginOf = [&start = m_broker.start()](const core::TopicPartition& partition) {
        const auto known = start.find(partition);
        return known == start.end() ? std::nullopt : std::optional(known->second.second);
    };
    ports.bounds = [this](const core::TopicPartition& partition) { return m_broker.bounds(partition); };
    if (m_options.settings.deadLetters == core::ConsumerSettings::DeadLetters::Topic) {
        // Shared because a std::function must be copyable; only the worker's thread uses it.
        auto letters = std::make_shared<DeadLetterTopic>([this, name](core::DeliverySink& sink, bool oneByOne) {
            return m_broker.deadLetterPublisher(name, sink, oneByOne);
        });
        ports.deadLetterTopic = [letters](std::span<const core::DeadLetter> waiting) { return letters->send(waiting); };
    }
    ports.taken = [this, name](const std::vector<core::TopicPartition>& partitions,
                               const std::vector<core::Offset>& starts) {
        for (std::size_t i = 0; i < partitions.size(); ++i) {
            m_positions.taken(partitions[i], starts[i], name);
        }
    };
    ports.givenBack = [this, name](const std::vector<core::TopicPartition>& partitions) {
        for (const core::TopicPartition& partition : partitions) {
            m_positions.givenBack(partition, name);
        }
    };
    ports.committed = [this](const core::TopicPartition& partition, core::Offset next) {
        m_positions.committed(partition, next);
    };
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

void ConsumerEnds::storedElsewhere(const std::vector<std::pair<core::TopicPartition, core::Offset>>& positions,
                                   bool taken) {
    m_storeDecides.store(true, std::memory_order_release);
    for (const auto& [partition, next] : positions) {
        if (taken) {
            m_positions.taken(partition, next, "fleet");
        }
        m_positions.stored(partition, next);
        m_positions.committed(partition, next);
    }
}

core::Result<bool> ConsumerEnds::storeIsBehind() {
    const StoredPositions::Standings standings = m_positions.standings(); // first: the store only grows meanwhile
    const auto now = m_store.store->positions();
    if (!now) {
        return now.error();
    }
    const std::map<core::TopicPartition, core::Offset> stored(now->begin(), now->end());
    return std::ranges::any_of(standings, [&](const auto& ours) {
        const auto found = stored.find(ours.first);
        const core::Offset standing = found == stored.end() ? core::Offset{-1} : found->second;
        return standing < ours.second.committed;
    });
}

core::Status ConsumerEnds::markEnd() {
    const auto until = std::chrono::steady_clock::now() + 10s;
    m_watch.seekEnd();
    while (!m_watch.endKnown()) {
        if (std::chrono::steady_clock::now() > until) {
            return core::transient("Where the log ends could not be learned: " + m_watch.trouble());
        }
        std::this_thread::sleep_for(10ms);
    }
    return {};
}

} // namespace services
