// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/desktop/bridge/message_session.h"

#include <atomic>
#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <string>

namespace message_fakes {

inline core::TopicMessage messageAt(int offset, std::string payload, int partition = 0) {
    core::TopicMessage message;
    message.topic = "orders";
    message.partition = {partition};
    message.offset = {offset};
    message.timeKind = core::TopicMessage::TimeKind::Created;
    message.time = core::WallTime(std::chrono::milliseconds(1'800'003'600'000 + offset));
    message.key = "key-" + std::to_string(offset);
    message.payloadSize = payload.size();
    message.payload = std::move(payload);
    return message;
}

inline core::MessagePage pageOf(std::vector<core::TopicMessage> messages, bool isComplete = true) {
    core::MessagePage page;
    page.lookedAt = page.matched = messages.size();
    if (!messages.empty()) {
        page.newest = messages.back().time;
    }
    page.messages = std::move(messages);
    page.isComplete = isComplete;
    return page;
}

/// What a cluster holds, for a test to fill; any thread.
struct Cluster {
    std::mutex mutex;
    core::Result<core::MessagePage> first = pageOf({});
    std::deque<core::Result<core::MessagePage>> later, earlier, coming; // handed out one by one
    core::Error refusal;                                                // of the opening, where it has a message
    services::MessageReading asked;                                     // of the last opening
    std::atomic<int> looks{0};                                          // at what comes

    void put(core::Result<core::MessagePage> page) {
        const std::scoped_lock lock(mutex);
        coming.push_back(std::move(page));
    }
};

class Source final : public services::MessageSource {
public:
    explicit Source(Cluster& cluster) : m_cluster(cluster) {}
    core::Result<core::MessagePage> first(const std::stop_token&) override { return m_cluster.first; }
    core::Result<core::MessagePage> earlier(const std::stop_token&) override { return pop(m_cluster.earlier); }
    core::Result<core::MessagePage> later(const std::stop_token&) override { return pop(m_cluster.later); }
    core::Result<core::MessagePage> next(core::Nanoseconds, const std::stop_token& stop) override {
        std::unique_lock lock(m_cluster.mutex);
        std::condition_variable_any never;
        never.wait_for(lock, stop, std::chrono::milliseconds(1), [] { return false; });
        lock.unlock();
        ++m_cluster.looks;
        return pop(m_cluster.coming);
    }

private:
    core::Result<core::MessagePage> pop(std::deque<core::Result<core::MessagePage>>& pages) {
        const std::scoped_lock lock(m_cluster.mutex);
        if (pages.empty()) {
            return pageOf({});
        }
        core::Result<core::MessagePage> page = pages.front();
        pages.pop_front();
        return page;
    }
    Cluster& m_cluster;
};

inline app::MessageDoors doorsTo(Cluster& cluster) {
    return {[&cluster](const services::MessageReading& reading,
                       const std::stop_token&) -> core::Result<std::unique_ptr<services::MessageSource>> {
                const std::scoped_lock lock(cluster.mutex);
                cluster.asked = reading;
                if (!cluster.refusal.message.empty()) {
                    return cluster.refusal;
                }
                return std::unique_ptr<services::MessageSource>(std::make_unique<Source>(cluster));
            },
            [](const services::ClusterAccess& access) -> core::Result<std::vector<std::string>> {
                if (access.bootstrap == "absent:9092") {
                    return core::transient("Kafka at absent:9092 did not list its topics: Local: Timed out.");
                }
                return std::vector<std::string>{"__consumer_offsets", "orders", "payments"};
            }};
}

} // namespace message_fakes
