// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/units.h"

#include <condition_variable>
#include <mutex>
#include <stop_token>

namespace services {

/// Sleeps, but not longer than until the stop.
inline void rest(core::Nanoseconds pause, const std::stop_token& stop) {
    std::mutex mutex;
    std::condition_variable_any never;
    std::unique_lock lock(mutex);
    never.wait_for(lock, stop, pause, [] { return false; });
}

} // namespace services
