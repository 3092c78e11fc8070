// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/results/result_file.h"

#include <optional>
#include <string>
#include <vector>

namespace core {

/// Something that the time line or the samples show to have been out of order or at its limit.
struct Strain {
    double fromSeconds = 0; ///< since the run's origin
    std::string what;       ///< "the machine's CPU", "the consumer's side", …
    std::string evidence;   ///< a sentence with figures
};

/// What explains a run's trouble best, the best first. They show that two things happened one after the other, not that
/// one made the other. What changed in the half minute before the first rule broke stands above what changed at other
/// times, and both above what was so from the first interval on. Among equals: outages, a change in the group of
/// consumers, a change of the load, the machine, a generator that was late, then what the samples show of the way, and
/// who took too few events; by time.
/// Changes of the group and of the load are told only beside a broken rule or another strain. A strain of the samples
/// lasts for at least 3 intervals in a row:
///
/// - machine: its CPU is at 95 % of its cores or beyond (nothing is said where the number of cores is not known);
/// - send delay, ack (from sending), processing: the interval's p99 is above 100 ms, and above ten times the lowest of
///   any interval; intervals with too few values break the row;
/// - backlog: it grows from interval to interval, by at least a second's worth of the target rate in all.
std::vector<Strain> strainsOf(const RunResult& result);

/// When the first of the failed rules broke, in seconds; nothing: none did, or it is not known.
std::optional<double> firstBreak(const RunResult& result);

/// How far from their limits the above stayed at most, in a sentence; for a run without strains.
std::string headroomText(const RunResult& result);

} // namespace core
