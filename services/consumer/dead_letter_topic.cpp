// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/consumer/dead_letter_topic.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <numeric>

namespace services {

DeadLetterTopic::DeadLetterTopic(CreatePublisher make, core::Nanoseconds limit)
    : m_make(std::move(make)), m_limit(limit) {}

DeadLetterTopic::~DeadLetterTopic() = default;

core::Result<std::vector<RefusedLetter>> DeadLetterTopic::send(std::span<const core::DeadLetter> letters) {
    std::vector<std::size_t> which(letters.size());
    std::iota(which.begin(), which.end(), std::size_t{0});
    auto refused = sendRound(letters, which, false);
    if (!refused || refused->empty()) {
        return refused;
    }
    // A batch that is too large is refused as a whole, and its small letters with it.
    which.clear();
    std::ranges::transform(*refused, std::back_inserter(which), &RefusedLetter::index);
    return sendRound(letters, which, true);
}

core::Result<std::vector<RefusedLetter>> DeadLetterTopic::sendRound(std::span<const core::DeadLetter> letters,
                                                                    std::span<const std::size_t> which, bool oneByOne) {
    if (which.empty()) {
        return std::vector<RefusedLetter>();
    }
    auto& publisher = oneByOne ? m_oneByOne : m_publisher;
    if (!publisher) {
        auto created = m_make(*this, oneByOne);
        if (!created) {
            return created.error();
        }
        publisher = std::move(*created);
    }
    {
        const std::scoped_lock lock(m_mutex);
        ++m_round;
        m_fates.assign(letters.size(), {});
        m_waiting = which.size();
    }
    const core::Instant until = std::chrono::steady_clock::now() + m_limit;
    for (const std::size_t index : which) {
        if (auto accepted = handOver(*publisher, letters[index], index, until); !accepted) {
            return accepted.error();
        }
    }
    return waitForAll(which, until);
}

core::Status DeadLetterTopic::handOver(core::Publisher& publisher, const core::DeadLetter& letter, std::size_t index,
                                       core::Instant until) {
    const std::string id = letter.id ? letter.id->text() : std::string();
    const std::string partition = std::to_string(letter.partition.partition.id);
    const std::string offset = std::to_string(letter.offset.value);
    const std::array<core::EventHeader, 4> headers{{{"millrace-reason", letter.reason},
                                                    {"millrace-topic", letter.partition.topic},
                                                    {"millrace-partition", partition},
                                                    {"millrace-offset", offset}}};
    const std::uint64_t token = std::uint64_t{m_round} << 32U | index;
    const core::OutgoingEvent event{letter.key, letter.payload, id, token, headers};
    for (;;) {
        switch (publisher.send(event)) {
        case core::SendOutcome::Accepted:
            return {};
        case core::SendOutcome::Refused:
            decide(token, {Fate::Kind::Refused, fmt::format("the client refuses its {} bytes", letter.payload.size())});
            return {};
        case core::SendOutcome::Full:
            if (std::chrono::steady_clock::now() >= until) {
                return core::transient("The dead-letter topic takes no more messages");
            }
            publisher.waitForRoom(std::min(until, std::chrono::steady_clock::now() + std::chrono::milliseconds(100)));
        }
    }
}

core::Result<std::vector<RefusedLetter>> DeadLetterTopic::waitForAll(std::span<const std::size_t> which,
                                                                     core::Instant until) {
    std::unique_lock lock(m_mutex);
    m_decided.wait_until(lock, until, [&] { return m_waiting == 0; });
    std::size_t acked = 0;
    std::vector<RefusedLetter> refused;
    for (const std::size_t index : which) {
        const Fate& fate = m_fates[index];
        acked += fate.kind == Fate::Kind::Acked ? 1 : 0;
        if (fate.kind == Fate::Kind::Refused) {
            refused.push_back({index, fate.reason});
        }
    }
    if (acked + refused.size() == which.size()) {
        return refused;
    }
    return core::transient(fmt::format("The dead-letter topic acknowledged {} of {} messages", acked, which.size()));
}

void DeadLetterTopic::decide(std::uint64_t token, Fate fate) {
    const std::scoped_lock lock(m_mutex);
    if (token >> 32U != m_round) {
        return;
    }
    m_fates[token & 0xffff'ffffU] = std::move(fate);
    if (--m_waiting == 0) {
        m_decided.notify_one();
    }
}

void DeadLetterTopic::delivered(std::uint64_t token, core::Delivery delivery, core::Instant) {
    decide(token, {delivery == core::Delivery::Acked ? Fate::Kind::Acked : Fate::Kind::NotAcked, {}});
}

void DeadLetterTopic::refused(std::uint64_t token, std::string_view reason, core::Instant) {
    decide(token, {Fate::Kind::Refused, std::string(reason)});
}

} // namespace services
