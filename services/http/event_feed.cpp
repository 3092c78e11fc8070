// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/http/event_feed.h"

#include <fmt/format.h>

namespace services::http {
namespace {

const auto kNoText = std::make_shared<const std::string>();

} // namespace

void EventFeed::publish(std::string_view data) {
    const std::scoped_lock lock(m_mutex);
    ++m_last;
    m_events.push_back(
        {m_last, std::make_shared<const std::string>(fmt::format("id: {}\ndata: {}\n\n", m_last, data))});
    if (m_events.size() > m_retained) {
        m_events.pop_front();
    }
    for (const auto& [id, wake] : m_wakes) {
        wake();
    }
}

EventFeed::Events EventFeed::newestAfter(std::uint64_t last) const {
    const std::scoped_lock lock(m_mutex);
    Events events{kNoText, m_last};
    if (m_last != last && !m_events.empty()) {
        events.text = m_events.back().text;
    }
    return events;
}

EventFeed::Events EventFeed::everythingAfter(std::uint64_t last) const {
    const std::scoped_lock lock(m_mutex);
    std::string text;
    for (const Event& event : m_events) {
        if (event.id > last || last > m_last) { // a number of an earlier process says nothing here
            text += *event.text;
        }
    }
    return {std::make_shared<const std::string>(std::move(text)), m_last};
}

EventFeed::Subscription::Subscription(EventFeed& feed, std::function<void()> wake) : m_feed(feed) {
    const std::scoped_lock lock(m_feed.m_mutex);
    m_id = ++m_feed.m_lastSubscription;
    m_feed.m_wakes.emplace(m_id, std::move(wake));
}

EventFeed::Subscription::~Subscription() {
    const std::scoped_lock lock(m_feed.m_mutex);
    m_feed.m_wakes.erase(m_id);
}

} // namespace services::http
