// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/measure/snapshot.h"

#include <functional>
#include <span>
#include <string_view>

namespace services {

/// What a process that is served does; a process may do all of it.
struct PartRoles {
    bool producer = false;
    bool consumer = false;
};

/// A figure of a snapshot under its dotted name, as /actuator/metrics lists it.
struct Meter {
    enum class Kind { Count, Gauge, Timer };
    std::string_view name;
    std::string_view series; ///< its name in Prometheus; empty: what it says is part of other series there
    std::string_view description;
    std::string_view unit; ///< "events", "seconds", "bytes", "cores"
    Kind kind = Kind::Count;
    bool PartRoles::* of = nullptr;                                     ///< which role has it; null: each
    double (*value)(const core::Snapshot&) = nullptr;                   ///< Count and Gauge
    core::LatencyHistogram (*latency)(const core::Snapshot&) = nullptr; ///< Timer
    bool byTier = of != nullptr;                                        ///< it is counted for each tier
};

std::span<const Meter> allMeters();

/// The snapshot with the streams of one tier only: what a meter says of that tier. Of the consumer's counts only those
/// that are kept per tier remain.
core::Snapshot ofTier(const core::Snapshot& snapshot, core::Tier tier);

} // namespace services
