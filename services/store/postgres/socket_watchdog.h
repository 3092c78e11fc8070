// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/units.h"

#include <condition_variable>
#include <list>
#include <mutex>
#include <stop_token>
#include <thread>

namespace services {

/// Ends blocking calls on sockets: at a call's deadline, or within 100 ms of a stop, the socket is shut down, so that
/// the call returns with a broken connection. One thread for any number of calls.
class SocketWatchdog {
public:
    enum class Reason { None, TimedOut, Stopped };

    SocketWatchdog();

private:
    struct Entry {
        int socket = -1;
        core::Nanoseconds limit{};
        core::Instant deadline;
        std::stop_token stop;
        Reason fired = Reason::None;
    };

public:
    /// One call under watch, on the caller's stack. Its owner calls the members.
    class Watch {
    public:
        Watch(SocketWatchdog& watchdog, core::Nanoseconds limit, std::stop_token stop);
        ~Watch();
        Watch(const Watch&) = delete;
        Watch& operator=(const Watch&) = delete;

        void guard(int socket); ///< from here on this socket is shut down when the time comes; -1: none
        void progress();        ///< the deadline counts anew from here
        Reason fired() const;
        bool expired() { return check() != Reason::None; }
        Reason check(); ///< looks at the clock now, for loops that wait without a socket
        core::Nanoseconds limit() const { return m_entry->limit; }

    private:
        SocketWatchdog& m_watchdog;
        std::list<Entry>::iterator m_entry;
    };

private:
    void run(const std::stop_token& stop);
    static Reason check(Entry& entry, core::Instant now);

    std::mutex m_mutex;
    std::condition_variable_any m_wake;
    std::list<Entry> m_entries;
    bool m_idle = false; ///< the thread waits for a call; else it looks at the clock by itself
    std::jthread m_thread;
};

} // namespace services
