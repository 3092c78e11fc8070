// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/results/result_file.h"

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace core {

enum class Change { First, Better, Worse, Same, NotComparable };
std::string_view nameOf(Change change); ///< "first", "better", "worse", "same", "not comparable"

enum class FigureUnit { Rate, Micros, Seconds, Count, Cores, Bytes };
/// "9,998/s", "13.1 ms", "60 s", "3", "1.25", "64 MiB": as everywhere.
std::string figureText(double value, FigureUnit unit);

/// A difference as a share of what it is a difference to: "+9.8 %", "-50 %"; ten times as much or more as "×1,100".
std::string shareText(double share);

/// A figure of one run, and how it compares with the first run's.
struct ComparedValue {
    std::optional<double> value; ///< nothing: not known, or a percentile with too few values
    /// Half the width of a 95 % confidence interval, from how the figure varied within the run: the measured part's
    /// intervals are put together to ten stretches, the figure is worked out in each, and the interval is Student's t
    /// (9 degrees of freedom) of their mean; rates as a share of the planned rate, for a load that changes by plan is
    /// not uncertain. It says nothing of how runs vary among each other. Not given for counts, a maximum, memory and
    /// times, with fewer than ten intervals, and where a stretch has too few values.
    std::optional<double> uncertainty;
    std::optional<double> difference; ///< to the first run, in the figure's unit
    std::optional<double> share;      ///< the difference as a share of the first run's value; nothing if that is 0
    Change change = Change::NotComparable;
};

struct ComparisonRow {
    std::string figure; ///< in the words of the ledger and of the latencies: "end-to-end p99"
    FigureUnit unit = FigureUnit::Count;
    bool higherIsBetter = false;
    bool counts = true;                ///< when runs are judged; a maximum is a single event's, and does not
    std::vector<ComparedValue> values; ///< one per run
};

struct Comparison {
    std::vector<std::string> warnings; ///< why the runs may not be comparable; sentences
    std::vector<ComparisonRow> rows;

    /// The largest change for the worse of any figure that counts, as a share; infinite where the first run had none
    /// ('lost' from 0 to 3). 0: nothing became worse.
    double worst() const;
};

inline constexpr std::size_t kMostCompared = 5;

/// Compares two to five runs with the first of them. A difference that the two uncertainties together (root of the sum
/// of squares) can explain, or that three significant digits do not show, is 'same'. Rates are not comparable where the
/// target rates differ by more than 1 %. Invalid: fewer or more runs.
Result<Comparison> compare(std::span<const RunResult> runs);

/// A line for the report of a run whose name has a baseline: "Against the baseline of 2026-01-02T03:04:05.678Z:
/// end-to-end p99 +8 % (within variation)." It says why the two may not be comparable, or are not.
std::string againstBaseline(const RunResult& baseline, const RunResult& run);

} // namespace core
