// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/measure/ledger.h"
#include "core/units.h"

#include <chrono>
#include <cstdint>
#include <string>

namespace core {

/// A daemon that was not heard of for that long is stale: so whoever looks at it knows within 3 s.
inline constexpr Nanoseconds kStaleAfter = std::chrono::milliseconds(2'500);

/// How one daemon of a fleet stands.
struct FleetMember {
    std::string address; ///< HOST:PORT
    std::string role{};  ///< "producer", "consumer"; empty: not known yet
    std::string version{};
    double silent = -1;     ///< seconds since it was heard of last; negative: it never was
    std::string words{};    ///< what is wrong with it; empty: nothing
    bool well = false;      ///< it answers, and nothing is wrong
    bool lost = false;      ///< it does not know of the run any more
    double wallOffset = 0;  ///< seconds: its wall clock less ours
    double clockError = -1; ///< seconds by which that and its latencies may be wrong; negative: not measured
    ProducerCounts producer{};
    std::uint64_t stored = 0;

    bool operator==(const FleetMember&) const = default;
};

} // namespace core
