// SPDX-License-Identifier: GPL-3.0-or-later
#include "load.h"

#include "core/load/event_generator.h"
#include "services/kafka/kafka_publisher.h"

#include <algorithm>

namespace faults {

using namespace std::chrono_literals;

Load::Load(Wish wish) : m_wish(std::move(wish)), m_thread([this](const std::stop_token& stop) { run(stop); }) {}

Load::~Load() {
    finish();
}

void Load::finish() {
    m_thread.request_stop();
    if (m_thread.joinable()) {
        m_thread.join();
    }
}

void Load::run(const std::stop_token& stop) {
    services::PublisherOptions options;
    options.cluster = {m_wish.broker, m_wish.client};
    options.stream = "load";
    options.tier.topic = m_wish.topic;
    options.tier.linger = 2ms;
    options.tier.deadline = 30s;
    auto publisher = services::KafkaPublisher::create(options, *this);
    if (!publisher) {
        m_failure = publisher.error().message;
        return;
    }
    core::EventShape shape;
    shape.duplicates = {{0.01}, 200ms};
    shape.unreadable = {0.001};
    core::EventGenerator generator(shape, m_wish.seed, 0, m_wish.runTag, nullptr);
    const auto period = std::chrono::duration_cast<core::Nanoseconds>(1s / m_wish.perSecond);
    const auto start = std::chrono::steady_clock::now();
    const core::WallTime wallStart = std::chrono::system_clock::now();
    for (std::int64_t n = 0; !stop.stop_requested(); ++n) {
        std::this_thread::sleep_until(start + n * period);
        const core::GeneratedEvent& event = generator.next(wallStart + n * period);
        std::uint64_t token = 0;
        {
            const std::scoped_lock lock(m_mutex);
            token = m_sent.size();
            m_sent.push_back({event.id, event.unreadable, false});
        }
        const std::string headerId = event.unreadable ? event.id.text() : std::string();
        send(**publisher, {event.key, event.payload, headerId, token});
        m_replacements = (*publisher)->replacements();
    }
    (*publisher)->finish(30s);
}

void Load::send(core::Publisher& publisher, const core::OutgoingEvent& event) {
    while (publisher.send(event) == core::SendOutcome::Full) {
        publisher.waitForRoom(std::chrono::steady_clock::now() + 50ms);
    }
}

void Load::delivered(std::uint64_t token, core::Delivery delivery, core::Instant) {
    const std::scoped_lock lock(m_mutex);
    m_sent[token].acked = delivery == core::Delivery::Acked;
    m_sent[token].failed = delivery == core::Delivery::Failed;
    ++m_sent[token].deliveries;
    m_acked += delivery == core::Delivery::Acked ? 1 : 0;
}

std::vector<core::EventId> Load::acked(bool unreadable) const {
    std::vector<core::EventId> ids;
    for (const Sent& sent : m_sent) {
        if (sent.acked && sent.unreadable == unreadable) {
            ids.push_back(sent.id);
        }
    }
    std::sort(ids.begin(), ids.end());
    ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
    return ids;
}

std::vector<core::EventId> Load::ackedReadable() const {
    return acked(false);
}

std::vector<core::EventId> Load::ackedUnreadable() const {
    return acked(true);
}

std::uint64_t Load::acked() const {
    return static_cast<std::uint64_t>(
        std::count_if(m_sent.begin(), m_sent.end(), [](const Sent& s) { return s.acked; }));
}

std::uint64_t Load::failed() const {
    return static_cast<std::uint64_t>(std::ranges::count_if(m_sent, &Sent::failed));
}

std::uint64_t Load::notReportedOnce() const {
    return static_cast<std::uint64_t>(std::ranges::count_if(m_sent, [](const Sent& s) { return s.deliveries != 1; }));
}

std::uint64_t Load::ackedCopies() const {
    const auto unreadable =
        std::count_if(m_sent.begin(), m_sent.end(), [](const Sent& sent) { return sent.acked && sent.unreadable; });
    return acked() - static_cast<std::uint64_t>(unreadable) - ackedReadable().size();
}

} // namespace faults
