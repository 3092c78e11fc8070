// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/ports/broker.h"
#include "core/ports/store.h"
#include "services/consumer/consumer_ports.h"

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace services {

/// Sends dead letters to a topic of their own: the original bytes and key; in the headers millrace-reason,
/// millrace-topic, millrace-partition and millrace-offset why and from where, and in millrace-id the event's id where
/// it is known. One owning thread, as for the publishers that it creates when they are needed.
class DeadLetterTopic final : core::DeliverySink {
public:
    /// `oneByOne`: a publisher none of whose messages shares its batch.
    using CreatePublisher =
        std::function<core::Result<std::unique_ptr<core::Publisher>>(core::DeliverySink&, bool oneByOne)>;

    explicit DeadLetterTopic(CreatePublisher make, core::Nanoseconds limit = std::chrono::seconds(5));
    ~DeadLetterTopic() override;

    /// Returns when all are acknowledged, or refused for good: those it answers. Transient: not within the limit, or
    /// not all; send them again (a reader of the topic may then find some twice).
    core::Result<std::vector<RefusedLetter>> send(std::span<const core::DeadLetter> letters);

private:
    struct Fate {
        enum class Kind { Waiting, Acked, NotAcked, Refused } kind = Kind::Waiting;
        std::string reason; ///< of a refusal
    };

    void delivered(std::uint64_t token, core::Delivery delivery, core::Instant at) override;
    void refused(std::uint64_t token, std::string_view reason, core::Instant at) override;
    core::Result<std::vector<RefusedLetter>> sendRound(std::span<const core::DeadLetter> letters,
                                                       std::span<const std::size_t> which, bool oneByOne);
    core::Status handOver(core::Publisher& publisher, const core::DeadLetter& letter, std::size_t index,
                          core::Instant until);
    core::Result<std::vector<RefusedLetter>> waitForAll(std::span<const std::size_t> which, core::Instant until);
    void decide(std::uint64_t token, Fate fate);

    CreatePublisher m_make;
    core::Nanoseconds m_limit;
    std::mutex m_mutex;
    std::condition_variable m_decided;
    std::uint32_t m_round = 0; // guarded by m_mutex; deliveries of earlier rounds, which gave up, are not counted
    std::vector<Fate> m_fates; // guarded by m_mutex; of this round, by the letters' places
    std::size_t m_waiting = 0; // likewise
    std::unique_ptr<core::Publisher> m_publisher; // last: they report to the others until they are gone
    std::unique_ptr<core::Publisher> m_oneByOne;
};

} // namespace services
