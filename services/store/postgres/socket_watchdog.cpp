// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/store/postgres/socket_watchdog.h"

#include <sys/socket.h>

namespace services {

namespace {

constexpr std::chrono::milliseconds kTick{50};

core::Instant now() {
    return std::chrono::steady_clock::now();
}

} // namespace

SocketWatchdog::SocketWatchdog() : m_thread([this](const std::stop_token& stop) { run(stop); }) {}

void SocketWatchdog::run(const std::stop_token& stop) {
    std::unique_lock lock(m_mutex);
    while (!stop.stop_requested()) {
        m_idle = true;
        m_wake.wait(lock, stop, [this] { return !m_entries.empty(); });
        m_idle = false;
        for (Entry& entry : m_entries) {
            check(entry, now());
        }
        m_wake.wait_for(lock, stop, kTick, [] { return false; });
    }
}

SocketWatchdog::Reason SocketWatchdog::check(Entry& entry, core::Instant now) {
    if (entry.fired != Reason::None) {
        return entry.fired;
    }
    if (entry.stop.stop_requested()) {
        entry.fired = Reason::Stopped;
    } else if (now >= entry.deadline) {
        entry.fired = Reason::TimedOut;
    }
    if (entry.fired != Reason::None && entry.socket >= 0) {
        ::shutdown(entry.socket, SHUT_RDWR);
    }
    return entry.fired;
}

SocketWatchdog::Watch::Watch(SocketWatchdog& watchdog, core::Nanoseconds limit, std::stop_token stop)
    : m_watchdog(watchdog) {
    const std::scoped_lock lock(m_watchdog.m_mutex);
    m_watchdog.m_entries.push_front(Entry{.limit = limit, .deadline = now() + limit, .stop = std::move(stop)});
    m_entry = m_watchdog.m_entries.begin();
    if (m_watchdog.m_idle) {
        m_watchdog.m_wake.notify_one();
    }
}

SocketWatchdog::Watch::~Watch() {
    const std::scoped_lock lock(m_watchdog.m_mutex);
    m_watchdog.m_entries.erase(m_entry);
}

void SocketWatchdog::Watch::guard(int socket) {
    const std::scoped_lock lock(m_watchdog.m_mutex);
    m_entry->socket = socket;
    if (m_entry->fired != Reason::None && socket >= 0) {
        ::shutdown(socket, SHUT_RDWR);
    }
}

void SocketWatchdog::Watch::progress() {
    const std::scoped_lock lock(m_watchdog.m_mutex);
    m_entry->deadline = now() + m_entry->limit;
}

SocketWatchdog::Reason SocketWatchdog::Watch::fired() const {
    const std::scoped_lock lock(m_watchdog.m_mutex);
    return m_entry->fired;
}

SocketWatchdog::Reason SocketWatchdog::Watch::check() {
    const std::scoped_lock lock(m_watchdog.m_mutex);
    return SocketWatchdog::check(*m_entry, now());
}

} // namespace services
