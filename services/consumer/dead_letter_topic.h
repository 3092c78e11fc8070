// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/ports/broker.h"
#include "core/ports/store.h"

#include <chrono>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <span>

namespace services {

/// Sends dead letters to a topic of their own: the original bytes and key; in the headers millrace-reason,
/// millrace-topic, millrace-partition and millrace-offset why and from where, and in millrace-id the event's id where
/// it is known. One owning thread, as for the publisher that it creates when the first letter comes.
class DeadLetterTopic final : core::DeliverySink {
public:
    using CreatePublisher = std::function<core::Result<std::unique_ptr<core::Publisher>>(core::DeliverySink&)>;

    explicit DeadLetterTopic(CreatePublisher make, core::Nanoseconds limit = std::chrono::seconds(5));
    ~DeadLetterTopic() override;

    /// Returns when all are acknowledged. Transient: not within the limit, or not all; send them again (a reader of the
    /// topic may then find some twice). Fatal: the topic will never take one.
    core::Status send(std::span<const core::DeadLetter> letters);

private:
    void delivered(std::uint64_t token, core::Delivery delivery, core::Instant at) override;
    core::Status handOver(const core::DeadLetter& letter, core::Instant until);
    core::Status waitForAll(std::size_t letters, core::Instant until);

    CreatePublisher m_make;
    core::Nanoseconds m_limit;
    std::mutex m_mutex;
    std::condition_variable m_delivered;
    std::uint64_t m_round = 0;  // guarded by m_mutex; deliveries of earlier calls, which gave up, are not counted
    std::size_t m_acked = 0;    // guarded by m_mutex; of this round
    std::size_t m_notAcked = 0; // likewise
    std::unique_ptr<core::Publisher> m_publisher; // last: it reports to the others until it is gone
};

} // namespace services
