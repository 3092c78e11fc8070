// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/measure/fate.h"
#include "core/units.h"

#include <cstdint>
#include <optional>
#include <span>

namespace core {

/// Knows this run's events by stream and sequence. Any thread.
class EventAccount {
public:
    virtual ~EventAccount() = default;
    /// Called once for each committed batch.
    virtual void committed(std::span<const OwnFate> fates) = 0;
    /// How late the event was handed over (sent − due), for the uncorrected latency; nothing if it is no longer known.
    virtual std::optional<Nanoseconds> sendDelay(std::uint8_t stream, std::uint64_t sequence) const = 0;
};

} // namespace core
