// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/measure/latency_bins.h"
#include "core/results/result_file.h"

#include <vector>

namespace core {

/// A finished run's time line for the charts that also show a running one: a point per interval, percentiles exact.
LiveSeries liveSeriesOf(const std::vector<Sample>& samples);

/// The bins of that time line, as latencyBins() lays them, with exact percentiles of several intervals too.
std::vector<LatencyBin> latencyBinsOf(const std::vector<Sample>& samples);

} // namespace core
