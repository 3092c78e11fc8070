// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/units.h"

#include <condition_variable>
#include <mutex>
#include <stop_token>
#include <thread>

namespace services {

/// A second stop that follows a first one after a while: the database calls of a worker that is told to stop may still
/// finish the batch in hand, but not for ever. Has a thread of its own, which sleeps until the first stop.
class GracePeriod {
public:
    GracePeriod(std::stop_token first, core::Nanoseconds grace);

    std::stop_token token() const { return m_second.get_token(); }

private:
    std::stop_source m_second;
    std::mutex m_mutex;
    std::condition_variable_any m_wake;
    std::jthread m_thread; // last: it uses the others
};

} // namespace services
