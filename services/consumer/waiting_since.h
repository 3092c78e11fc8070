// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/units.h"

#include <atomic>
#include <optional>

namespace services {

/// Since when somebody waits for something. One thread writes, any may read.
class WaitingSince {
public:
    void begin(core::Instant now) { ///< where it has not begun yet
        if (m_since.load(std::memory_order_relaxed) == kNever) {
            m_since.store(now.time_since_epoch().count(), std::memory_order_relaxed);
        }
    }
    void end() { m_since.store(kNever, std::memory_order_relaxed); }

    std::optional<core::Instant> since() const {
        const auto since = m_since.load(std::memory_order_relaxed);
        return since == kNever ? std::nullopt : std::optional(core::Instant(core::Nanoseconds(since)));
    }

private:
    static constexpr core::Nanoseconds::rep kNever = core::Nanoseconds::min().count();

    std::atomic<core::Nanoseconds::rep> m_since{kNever};
};

} // namespace services
