// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/run/broker_watch.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <utility>

namespace services {

using namespace std::chrono_literals;

namespace {

constexpr core::Nanoseconds kLookEvery = 1s;
constexpr core::Nanoseconds kLookAgain = 200ms; // where something is to be confirmed
constexpr core::Nanoseconds kAnswerLimit = 1500ms;

bool isOurs(const StoredPositions::Standings& standings, const core::TopicPartition& partition) {
    const auto found = standings.find(partition);
    return found != standings.end() && !found->second.owner.empty();
}

} // namespace

BrokerWatch::BrokerWatch(BrokerEnd& broker, StoredPositions& positions, TargetNote note, bool strangers)
    : m_broker(broker),
      m_positions(positions),
      m_note(std::move(note)),
      m_strangers(strangers),
      m_body([this](const std::stop_token& stop) { run(stop); }) {}

void BrokerWatch::seekEnd() {
    const std::lock_guard lock(m_mutex);
    m_seeking = true;
    m_wake.notify_all();
}

bool BrokerWatch::endKnown() const {
    const std::lock_guard lock(m_mutex);
    return m_endKnown;
}

std::string BrokerWatch::trouble() const {
    const std::lock_guard lock(m_mutex);
    return m_trouble;
}

std::string BrokerWatch::broken() const {
    const std::lock_guard lock(m_mutex);
    return m_broken;
}

std::string BrokerWatch::heldBack() const {
    const std::lock_guard lock(m_mutex);
    return m_heldBack;
}

void BrokerWatch::run(const std::stop_token& stop) {
    // Nobody else knows the embedded broker's port; and where it is not known how the run began, nothing is compared.
    const bool onlySeeks = m_broker.embedded() || m_broker.start().empty();
    for (const auto& [partition, log] : m_broker.start()) {
        ++m_partitions[partition.topic];
    }
    while (!stop.stop_requested()) {
        std::unique_lock lock(m_mutex);
        const core::Nanoseconds pause = m_suspicion.empty() && !m_seeking ? kLookEvery : kLookAgain;
        // A wish to know the end wakes it at once; one that was not fulfilled waits for its turn.
        m_wake.wait_for(lock, stop, pause, [this] { return m_seeking && m_trouble.empty() && m_suspicion.empty(); });
        if (stop.stop_requested() || (onlySeeks && !m_seeking)) {
            continue;
        }
        lock.unlock();
        look();
    }
}

void BrokerWatch::look() {
    const bool seeking = [this] {
        const std::lock_guard lock(m_mutex);
        return m_seeking;
    }();
    const StoredPositions::Standings standings = m_positions.standings(); // first: the log only grows meanwhile
    const auto now = m_broker.bounds(kAnswerLimit);
    if (!now) {
        const std::lock_guard lock(m_mutex);
        m_trouble = now.error().text();
        return;
    }
    compareTopics(*now, standings);
    std::string heldBack = m_broker.start().empty() ? "" : whoHoldsBack(*now, standings);
    m_lastStandings = standings;
    m_lastBounds = *now;
    if (!heldBack.empty()) {
        tell(core::MarkKind::Warning, heldBack);
    }
    const bool sure = m_suspicion.empty();
    if (seeking && sure) {
        for (const auto& [partition, log] : *now) {
            // By where it stood before: others' messages may carry it beyond that end meanwhile.
            const auto standing = standings.find(partition);
            m_positions.expect(partition, log.first, log.second,
                               standing != standings.end() && standing->second.outlives(log.second));
        }
    }
    const std::lock_guard lock(m_mutex);
    m_heldBack = std::move(heldBack);
    m_trouble.clear();
    m_endKnown = m_endKnown || (seeking && sure);
    m_seeking = m_seeking && !m_endKnown;
}

void BrokerWatch::compareTopics(const LogBounds& now, const StoredPositions::Standings& standings) {
    if (!broken().empty()) {
        return;
    }
    std::map<std::string, int> partitions;
    std::string found;
    for (const auto& [partition, log] : now) {
        ++partitions[partition.topic];
        const auto standing = standings.find(partition);
        if (standing != standings.end() && standing->second.outlives(log.second)) {
            found =
                fmt::format("topic {} was created anew under the run, or its log has lost its end", partition.topic);
        }
    }
    for (const auto& [topic, before] : m_partitions) {
        const auto count = partitions.find(topic);
        if (count == partitions.end()) {
            found = fmt::format("topic {} was deleted under the run", topic);
        } else if (count->second < before) {
            found = fmt::format("topic {} was created anew under the run", topic);
        } else if (count->second > before) {
            tell(core::MarkKind::Warning,
                 fmt::format("topic {} has {} partitions now, {} before", topic, count->second, before));
        }
    }
    for (const auto& [topic, count] : partitions) {
        m_partitions[topic] = std::max(m_partitions[topic], count);
    }
    if (std::exchange(m_suspicion, found) != found || found.empty()) {
        return; // a broker that has just come up may not know all yet
    }
    m_suspicion.clear();
    tell(core::MarkKind::Error, found);
    const std::lock_guard lock(m_mutex);
    m_broken = found;
}

/// A partition that has been nobody's, or has not moved, since the look before.
std::string BrokerWatch::whoHoldsBack(const LogBounds& now, const StoredPositions::Standings& standings) {
    std::set<core::TopicPartition> foreign;
    std::set<core::TopicPartition> stuck;
    for (const auto& [partition, log] : now) {
        if (!m_lastBounds.contains(partition)) {
            continue;
        }
        const bool wasOurs = isOurs(m_lastStandings, partition);
        if (!isOurs(standings, partition)) {
            if (!wasOurs) {
                foreign.insert(partition);
            }
            continue;
        }
        const core::Offset next = standings.at(partition).next;
        if (wasOurs && next == m_lastStandings.at(partition).next && std::max(next, log.first) < log.second) {
            stuck.insert(partition);
        }
    }
    const std::string others = foreign.empty() || !m_strangers ? "" : strangersIn(foreign);
    const std::string open = stuck.empty() ? "" : openTransactions(stuck, standings);
    return others.empty() || open.empty() ? others + open : others + "; " + open;
}

std::string BrokerWatch::strangersIn(const std::set<core::TopicPartition>& partitions) const {
    const auto members = m_broker.groupMembers(kAnswerLimit);
    if (!members || !*members) {
        return {}; // who may not ask, or is too early
    }
    const std::string holders =
        holdersText(**members, [&partitions](const core::TopicPartition& each) { return partitions.contains(each); });
    return holders.empty() ? holders : fmt::format("{}, as a member of group '{}'", holders, m_broker.group());
}

std::string BrokerWatch::openTransactions(const std::set<core::TopicPartition>& partitions,
                                          const StoredPositions::Standings& standings) {
    const auto stable = m_broker.stableBounds(kAnswerLimit);
    if (!stable) {
        return {};
    }
    std::set<core::TopicPartition> held;
    for (const core::TopicPartition& partition : partitions) {
        const auto log = stable->find(partition);
        if (log != stable->end() && log->second.second <= standings.at(partition).next) {
            held.insert(partition);
        }
    }
    return held.empty() ? ""
                        : fmt::format("an open transaction of another producer holds {} back", partitionsText(held));
}

void BrokerWatch::tell(core::MarkKind kind, const std::string& sentence) {
    if (m_told.insert(sentence).second) {
        m_note({.kind = kind, .detail = sentence, .end = core::End::Broker});
    }
}

} // namespace services
