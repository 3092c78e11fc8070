// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/measure/live_series.h"

#include <vector>

namespace core {

/// Neighbouring points of a time line, taken together so that their percentiles mean something.
struct LatencyBin {
    double from = 0, until = 0; ///< seconds since the run's origin
    LatencyFigures figures;     ///< all of the same events, so no percentile is above the maximum
    double since = 0;           ///< of those events; before `from` where the bin reaches back

    bool operator==(const LatencyBin&) const = default;
};

/// The time line of the end-to-end latencies, in bins as short as a p99 allows (valuesNeeded()): at 1,000 events/s of a
/// point each, at 50/s of twenty. The last, whose time is not up, reaches back into the one before. More than 2.5
/// seconds without a value are a gap, in which no bin lies; a bin that ends at a gap may hold too few values for a p99.
std::vector<LatencyBin> latencyBins(const LiveSeries& series);

} // namespace core
