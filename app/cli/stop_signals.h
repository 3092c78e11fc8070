// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/units.h"

#include <optional>

namespace app {

/// Takes SIGINT, SIGTERM and SIGHUP out of the ordinary way, for this thread and all that it starts from now on, so
/// that they can be waited for; a closed pipe ends nothing either. To be created before any other thread. One owning
/// thread.
class StopSignals {
public:
    StopSignals();
    ~StopSignals();
    StopSignals(const StopSignals&) = delete;
    StopSignals& operator=(const StopSignals&) = delete;

    /// Waits for `limit`, or shorter if a signal comes. Its number; nothing: none came.
    std::optional<int> wait(core::Nanoseconds limit);

private:
    int m_descriptor = -1;
};

} // namespace app
