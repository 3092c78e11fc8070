// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/units.h"

#include <atomic>
#include <optional>

namespace services {

/// An instant that one thread writes and any may read: since when it waits, when it was answered last.
class SharedInstant {
public:
    void set(core::Instant at) { m_at.store(at.time_since_epoch().count(), std::memory_order_relaxed); }
    void setFirst(core::Instant at) { ///< where there is none yet
        if (!value()) {
            set(at);
        }
    }
    void clear() { m_at.store(kNone, std::memory_order_relaxed); }

    std::optional<core::Instant> value() const {
        const auto at = m_at.load(std::memory_order_relaxed);
        return at == kNone ? std::nullopt : std::optional(core::Instant(core::Nanoseconds(at)));
    }

private:
    static constexpr core::Nanoseconds::rep kNone = core::Nanoseconds::min().count();

    std::atomic<core::Nanoseconds::rep> m_at{kNone};
};

} // namespace services
