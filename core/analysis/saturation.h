// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/results/result_file.h"

#include <string>
#include <vector>

namespace core {

/// Something that the samples show to have come to its limit.
struct Strain {
    double fromSeconds = 0; ///< since the run's origin
    std::string what;       ///< "the machine's CPU", "the consumer's side", …
    std::string evidence;   ///< a sentence with figures
};

/// What came to its limit, in the order in which it did, as far as a run's samples show it. They show that two things
/// happened one after the other, not that one made the other. A strain lasts for at least 3 intervals in a row:
///
/// - machine: its CPU is at 95 % of its cores or beyond (nothing is said where the number of cores is not known);
/// - send delay, ack (from sending), processing: the interval's p99 is above 100 ms, and above ten times the lowest of
///   any interval; intervals with too few values break the row;
/// - backlog: it grows from interval to interval, by at least a second's worth of the target rate in all.
std::vector<Strain> strainsOf(const RunResult& result);

/// How far from their limits the above stayed at most, in a sentence; for a run without strains.
std::string headroomText(const RunResult& result);

} // namespace core
