// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/ports/broker.h"
#include "services/kafka/kafka_publisher.h"
#include "services/kafka/kafka_subscriber.h"

#include <chrono>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

/// What the Kafka tests share: a sink that counts, a listener that starts at given places, and waiting with a deadline.
namespace kafka_test {

using namespace std::chrono_literals;

class CountingSink : public core::DeliverySink {
public:
    void delivered(std::uint64_t token, core::Delivery delivery, core::Instant at) override {
        const std::scoped_lock lock(m_mutex);
        ++m_times[token];
        m_last[token] = delivery;
        m_at = at;
    }
    std::size_t count(core::Delivery delivery) const {
        const std::scoped_lock lock(m_mutex);
        std::size_t sum = 0;
        for (const auto& [token, last] : m_last) {
            sum += last == delivery;
        }
        return sum;
    }
    std::size_t tokens() const {
        const std::scoped_lock lock(m_mutex);
        return m_times.size();
    }
    bool onceEach() const {
        const std::scoped_lock lock(m_mutex);
        for (const auto& [token, times] : m_times) {
            if (times != 1) {
                return false;
            }
        }
        return true;
    }

private:
    mutable std::mutex m_mutex;
    std::map<std::uint64_t, int> m_times;
    std::map<std::uint64_t, core::Delivery> m_last;
    core::Instant m_at;
};

class PlacedListener : public core::AssignmentListener {
public:
    core::Result<std::vector<core::Offset>> assigned(const std::vector<core::TopicPartition>& partitions) override {
        if (!refusal.message.empty()) {
            return refusal;
        }
        std::vector<core::Offset> starts;
        for (const auto& partition : partitions) {
            const auto found = starts_at.find(partition);
            starts.push_back(found == starts_at.end() ? core::Offset{0} : found->second);
        }
        owned = partitions;
        ++assignments;
        return starts;
    }
    void revoked(const std::vector<core::TopicPartition>& partitions, bool lost) override {
        ++revocations;
        lostLast = lost;
        for (const auto& partition : partitions) {
            std::erase(owned, partition);
        }
    }

    std::map<core::TopicPartition, core::Offset> starts_at;
    std::vector<core::TopicPartition> owned;
    core::Error refusal;
    int assignments = 0;
    int revocations = 0;
    bool lostLast = false;
};

/// For conditions that wait by themselves, as a poll does.
inline bool pollUntil(const std::function<bool()>& done, std::chrono::nanoseconds limit = 60s) {
    const auto until = std::chrono::steady_clock::now() + limit;
    while (!done()) {
        if (std::chrono::steady_clock::now() > until) {
            return false;
        }
    }
    return true;
}

inline bool waitUntil(const std::function<bool()>& done, std::chrono::nanoseconds limit = 60s) {
    return pollUntil(
        [&] {
            if (done()) {
                return true;
            }
            std::this_thread::sleep_for(1ms);
            return false;
        },
        limit);
}

inline services::PublisherOptions publisherOptions(const std::string& bootstrap, const std::string& topic) {
    services::PublisherOptions options;
    options.cluster.bootstrap = bootstrap;
    options.stream = "test";
    options.tier.topic = topic;
    options.tier.linger = 2ms;
    options.tier.deadline = 30s;
    return options;
}

inline services::SubscriberOptions subscriberOptions(const std::string& bootstrap, const std::string& topic) {
    services::SubscriberOptions options;
    options.cluster.bootstrap = bootstrap;
    options.group = "test-group";
    options.topics = {topic};
    options.sessionTimeout = 4s;
    options.embedded = true;
    return options;
}

/// Sends, waiting for room as a stream thread does; false where the event was refused or no room came for 30 s.
inline bool sendPatiently(core::Publisher& publisher, const core::OutgoingEvent& event) {
    const auto until = std::chrono::steady_clock::now() + 30s;
    for (;;) {
        switch (publisher.send(event)) {
        case core::SendOutcome::Accepted:
            return true;
        case core::SendOutcome::Refused:
            return false;
        case core::SendOutcome::Full:
            if (std::chrono::steady_clock::now() > until) {
                return false;
            }
            publisher.waitForRoom(std::chrono::steady_clock::now() + 50ms);
        }
    }
}

} // namespace kafka_test
