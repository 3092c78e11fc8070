// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/gateway/lag_watch.h"

#include "core/monitor/message_due.h"
#include "services/kafka/cluster_admin.h"
#include "services/kafka/group_reader.h"
#include "services/roles/rest.h"
#include "services/store/store.h"

#include <fmt/format.h>

#include <algorithm>
#include <memory>

namespace services {
namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

constexpr core::Nanoseconds kLookAtLagEvery = 1s;
constexpr core::Nanoseconds kReadLimit = 900ms; // for the messages that wait
constexpr core::Nanoseconds kAnswerLimit = 3s;  // of Kafka
constexpr core::Nanoseconds kSlopeOver = 5s;
constexpr std::uint64_t kNoise = 10; // events
constexpr double kQueued = 1;        // seconds of age

std::optional<core::Offset> at(const std::map<core::TopicPartition, core::Offset>& positions,
                               const core::TopicPartition& partition) {
    const auto found = positions.find(partition);
    return found == positions.end() ? std::nullopt : std::optional(found->second);
}

} // namespace

/// Connected as they are needed, and again after a fault.
struct LagWatch::Ends {
    std::unique_ptr<ClusterAdmin> admin;
    std::unique_ptr<GroupReader> group;
    std::unique_ptr<core::Store> store;
    std::string clusterId;
};

LagWatch::LagWatch(core::Scenario settings, core::Target target)
    : m_settings(std::move(settings)), m_target(std::move(target)) {
    m_lag.group = m_settings.kafka.group;
    m_lag.brokerReason = "Kafka has not been asked yet.";
    m_body = std::jthread([this](const std::stop_token& stop) { run(stop); });
}

GroupLag LagWatch::lag() const {
    const std::scoped_lock lock(m_mutex);
    return m_lag;
}

void LagWatch::run(const std::stop_token& stop) {
    Ends ends;
    while (!stop.stop_requested()) {
        const core::Instant next = Clock::now() + kLookAtLagEvery;
        if (auto found = look(ends)) {
            follow(std::move(*found));
        } else {
            const std::scoped_lock lock(m_mutex);
            m_lag.brokerReason = found.error().text();
        }
        rest(next - std::chrono::steady_clock::now(), stop);
    }
}

core::Status LagWatch::connect(Ends& ends) const {
    const ClusterAccess access{m_target.broker.shown(), m_settings.kafka.client};
    if (!ends.admin) {
        auto admin = ClusterAdmin::create(access, kAnswerLimit);
        const auto tiers = m_settings.kafka.tiers;
        const core::Bytes batch = std::ranges::max(tiers, {}, [](const auto& tier) { return tier.batch.count; }).batch;
        auto group = GroupReader::create(access, m_settings.kafka.group, batch, kAnswerLimit);
        if (!admin || !group) {
            return admin ? group.error() : admin.error();
        }
        ends.admin = std::move(*admin);
        ends.group = std::move(*group);
    }
    if (ends.clusterId.empty()) {
        const auto facts = ends.admin->brokerFacts();
        if (!facts) {
            return facts.error();
        }
        ends.clusterId = facts->clusterId;
    }
    return {};
}

/// Where PostgreSQL stands; nothing where there is none, or where it does not answer: the reason goes into `lag`.
std::map<core::TopicPartition, core::Offset> LagWatch::storedPositions(Ends& ends, GroupLag& lag) const {
    if (m_target.store.isEmbedded()) {
        return {};
    }
    if (!ends.store) {
        StoreOptions options{.address = m_target.store, .clusterId = ends.clusterId, .group = lag.group};
        options.timeout = kAnswerLimit;
        auto opened = openStore(options);
        if (!opened) {
            lag.storeReason = opened.error().text();
            return {};
        }
        ends.store = std::move(*opened);
    }
    const auto positions = ends.store->positions();
    if (!positions) {
        lag.storeReason = positions.error().text();
        return {};
    }
    return {positions->begin(), positions->end()};
}

core::Result<GroupLag> LagWatch::look(Ends& ends) {
    if (const core::Status connected = connect(ends); !connected) {
        return connected.error();
    }
    GroupLag lag;
    lag.group = m_settings.kafka.group;
    std::vector<std::string> topics;
    std::vector<core::TopicPartition> partitions;
    for (const core::Tier tier : core::kTiers) {
        topics.push_back(m_settings.kafka.tier(tier).topic);
        const auto count = ends.admin->partitionCount(topics.back());
        if (!count) {
            return count.error();
        }
        for (int i = 0; i < *count; ++i) {
            partitions.push_back({topics.back(), {i}});
        }
    }
    // The store first and the log's end last, or a moving group would seem to be ahead of the log.
    const auto stored = storedPositions(ends, lag);
    const auto mirrored = ends.group->committed(partitions);
    if (!mirrored) {
        return mirrored.error();
    }
    const auto log = ends.admin->endOffsets(topics);
    if (!log) {
        return log.error();
    }
    lag.at = Clock::now();
    const core::WallTime now = std::chrono::system_clock::now();
    const std::map committed(mirrored->begin(), mirrored->end());
    GroupReader::Positions waiting;
    for (const auto& [partition, end] : *log) {
        PartitionLag one{
            .partition = partition, .end = end, .stored = at(stored, partition), .committed = at(committed, partition)};
        std::optional<core::Offset> position = one.stored ? one.stored : one.committed;
        if (!position) { // nobody has read of it: all that is kept waits
            const auto bounds = ends.admin->watermarks(partition);
            if (!bounds) {
                return bounds.error();
            }
            position = bounds->first;
        }
        one.events = static_cast<std::uint64_t>(std::max<std::int64_t>(0, end.value - position->value));
        lag.events += one.events;
        if (one.events > 0) {
            waiting.emplace_back(partition, *position);
        } else {
            one.seconds = 0;
        }
        lag.partitions.push_back(std::move(one));
    }
    if (const core::Status aged = addAges(ends, waiting, now, lag); !aged) {
        return aged.error();
    }
    return lag;
}

core::Status LagWatch::addAges(Ends& ends, const Positions& waiting, core::WallTime now, GroupLag& lag) {
    std::map<core::TopicPartition, Waiting> known;
    Positions unread;
    for (const auto& [partition, position] : waiting) {
        const auto before = m_waiting.find(partition);
        if (before != m_waiting.end() && before->second.position == position) {
            known.insert(*before);
        } else {
            unread.emplace_back(partition, position);
        }
    }
    const auto first = ends.group->firstFrom(unread, kReadLimit);
    if (!first) {
        return first.error();
    }
    const std::map positions(unread.begin(), unread.end());
    for (const WaitingMessage& message : *first) {
        const auto [due, byId] = core::messageDue(message.payload, message.timestamp, now);
        known[message.partition] = {positions.at(message.partition), due, byId};
    }
    m_waiting = std::move(known);

    lag.seconds = 0;
    for (PartitionLag& one : lag.partitions) {
        const auto found = m_waiting.find(one.partition);
        if (one.events > 0 && found != m_waiting.end() && found->second.due) {
            one.seconds = std::max(0.0, core::secondsOf(now - *found->second.due));
            one.byDueTime = found->second.byDueTime;
        }
        lag.seconds = lag.seconds && one.seconds ? std::optional(std::max(*lag.seconds, *one.seconds)) : std::nullopt;
    }
    return {};
}

void LagWatch::follow(GroupLag lag) {
    m_history.emplace_back(lag.at, lag.events);
    while (m_history.front().first < lag.at - kSlopeOver) {
        m_history.pop_front();
    }
    const auto [since, before] = m_history.front();
    if (lag.at > since) {
        lag.slope = (static_cast<double>(lag.events) - static_cast<double>(before)) / core::secondsOf(lag.at - since);
    }
    // A handful of events on their way is no queue that drains.
    if (lag.seconds.value_or(kQueued) >= kQueued && lag.events + kNoise < before) {
        lag.drainSeconds = static_cast<double>(lag.events) / -lag.slope;
    }
    const std::scoped_lock lock(m_mutex);
    m_lag = std::move(lag);
}

} // namespace services
