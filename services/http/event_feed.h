// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>

namespace services::http {

/// Server-Sent Events for any number of clients. Each event is a whole state, not a difference, so that whoever is slow
/// gets the newest and misses none: there is no queue per client. The last ones are retained for clients that come
/// back (Last-Event-ID). Any thread may call the members.
class EventFeed {
public:
    /// Of one line of data; `retained` events are there for those that come back.
    explicit EventFeed(std::size_t retained = 120) : m_retained(retained) {}

    void publish(std::string_view data);

    /// What follows the event that a client saw last.
    struct Events {
        /// As text/event-stream; empty: nothing new. Shared, for each client that is slow holds one.
        std::shared_ptr<const std::string> text;
        std::uint64_t last = 0;
    };
    Events newestAfter(std::uint64_t last) const;     ///< at most one
    Events everythingAfter(std::uint64_t last) const; ///< all that is retained; for a client that comes back

    /// Called after each publish(), on its thread, while the subscription lives; must not call back.
    class Subscription {
    public:
        Subscription(EventFeed& feed, std::function<void()> wake);
        ~Subscription();
        Subscription(const Subscription&) = delete;
        Subscription& operator=(const Subscription&) = delete;

    private:
        EventFeed& m_feed;
        std::uint64_t m_id;
    };

private:
    struct Event {
        std::uint64_t id;
        std::shared_ptr<const std::string> text;
    };

    const std::size_t m_retained;
    mutable std::mutex m_mutex; // guards what follows
    std::uint64_t m_last = 0;
    std::deque<Event> m_events;
    std::uint64_t m_lastSubscription = 0;
    std::map<std::uint64_t, std::function<void()>> m_wakes;
};

} // namespace services::http
