// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/consumer/dead_letter_topic.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace services {

DeadLetterTopic::DeadLetterTopic(CreatePublisher make, core::Nanoseconds limit)
    : m_make(std::move(make)), m_limit(limit) {}

DeadLetterTopic::~DeadLetterTopic() = default;

core::Status DeadLetterTopic::send(std::span<const core::DeadLetter> letters) {
    if (letters.empty()) {
        return {};
    }
    if (!m_publisher) {
        auto created = m_make(*this);
        if (!created) {
            return created.error();
        }
        m_publisher = std::move(*created);
    }
    {
        const std::scoped_lock lock(m_mutex);
        ++m_round;
        m_acked = 0;
        m_notAcked = 0;
    }
    const core::Instant until = std::chrono::steady_clock::now() + m_limit;
    for (const core::DeadLetter& letter : letters) {
        if (auto accepted = handOver(letter, until); !accepted) {
            return accepted;
        }
    }
    return waitForAll(letters.size(), until);
}

core::Status DeadLetterTopic::handOver(const core::DeadLetter& letter, core::Instant until) {
    const std::string id = letter.id ? letter.id->text() : std::string();
    const std::string partition = std::to_string(letter.partition.partition.id);
    const std::string offset = std::to_string(letter.offset.value);
    const std::array<core::EventHeader, 4> headers{{{"millrace-reason", letter.reason},
                                                    {"millrace-topic", letter.partition.topic},
                                                    {"millrace-partition", partition},
                                                    {"millrace-offset", offset}}};
    const core::OutgoingEvent event{letter.key, letter.payload, id, m_round, headers};
    for (;;) {
        switch (m_publisher->send(event)) {
        case core::SendOutcome::Accepted:
            return {};
        case core::SendOutcome::Refused:
            return core::fatal(fmt::format("The dead-letter topic does not take the message at offset {} of {}, "
                                           "partition {}, of {} bytes",
                                           letter.offset.value, letter.partition.topic, letter.partition.partition.id,
                                           letter.payload.size()));
        case core::SendOutcome::Full:
            if (std::chrono::steady_clock::now() >= until) {
                return core::transient("The dead-letter topic takes no more messages");
            }
            m_publisher->waitForRoom(
                std::min(until, std::chrono::steady_clock::now() + std::chrono::milliseconds(100)));
        }
    }
}

core::Status DeadLetterTopic::waitForAll(std::size_t letters, core::Instant until) {
    std::unique_lock lock(m_mutex);
    m_delivered.wait_until(lock, until, [&] { return m_acked + m_notAcked >= letters; });
    if (m_acked >= letters) {
        return {};
    }
    return core::transient(fmt::format("The dead-letter topic acknowledged {} of {} messages", m_acked, letters));
}

void DeadLetterTopic::delivered(std::uint64_t token, core::Delivery delivery, core::Instant) {
    const std::scoped_lock lock(m_mutex);
    if (token != m_round) {
        return;
    }
    ++(delivery == core::Delivery::Acked ? m_acked : m_notAcked);
    m_delivered.notify_one();
}

} // namespace services
