// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/units.h"

#include <mutex>
#include <thread>
#include <vector>

namespace services {

/// Notices that the whole process did not run (SIGSTOP, a debugger, a machine without a free core): a thread of its own
/// that does nothing but sleep in short steps. Any thread may ask.
class StandStillWatch {
public:
    StandStillWatch();

    struct StandStill {
        core::Instant from;
        core::Instant until;
    };
    std::vector<StandStill> popAll(); ///< those of at least half a second, since the last call

private:
    void run(const std::stop_token& stop);

    std::mutex m_mutex;
    std::vector<StandStill> m_found; // guarded by m_mutex
    std::jthread m_thread;           // joined first
};

} // namespace services
