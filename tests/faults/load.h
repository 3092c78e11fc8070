// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/event/event_id.h"
#include "core/ports/broker.h"

#include <atomic>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace faults {

/// Events of one run, sent to a topic at an even rate by a thread of its own, one in a hundred twice and one in a
/// thousand unreadable. Remembers what the broker acknowledged: that is what the store is judged by.
class Load final : core::DeliverySink {
public:
    struct Wish {
        std::string broker;
        std::string topic;
        std::uint32_t runTag = 0;
        double perSecond = 3'000;
        std::uint64_t seed = 1;
        std::map<std::string, std::string> client{}; ///< librdkafka's settings
    };
    explicit Load(Wish wish);
    ~Load() override;

    void finish(); ///< no more events; returns when each has been acknowledged or given up

    std::uint64_t ackedSoFar() const { return m_acked; } ///< messages
    int replacements() const { return m_replacements; }  ///< of the client, after fatal errors

    // After finish().
    std::string failure() const { return m_failure; } ///< empty: none
    std::vector<core::EventId> ackedReadable() const; ///< without repetitions
    std::vector<core::EventId> ackedUnreadable() const;
    std::uint64_t ackedCopies() const;     ///< readable events acknowledged again under an id that was before
    std::uint64_t acked() const;           ///< messages
    std::uint64_t failed() const;          ///< messages that surely did not reach the broker
    std::uint64_t notReportedOnce() const; ///< messages without a delivery, or with more than one (K2)

private:
    struct Sent {
        core::EventId id;
        bool unreadable = false;
        bool acked = false;
        bool failed = false;
        int deliveries = 0;
    };
    void delivered(std::uint64_t token, core::Delivery delivery, core::Instant at) override;
    void run(const std::stop_token& stop);
    void send(core::Publisher& publisher, const core::OutgoingEvent& event);
    std::vector<core::EventId> acked(bool unreadable) const;

    Wish m_wish;
    std::string m_failure;
    std::atomic<std::uint64_t> m_acked = 0;
    std::atomic<int> m_replacements = 0;
    mutable std::mutex m_mutex;
    std::vector<Sent> m_sent; // guarded by m_mutex
    std::jthread m_thread;
};

} // namespace faults
