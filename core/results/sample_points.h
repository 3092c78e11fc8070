// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/measure/live_series.h"
#include "core/results/result_file.h"

#include <vector>

namespace core {

/// A finished run's time line for the charts that also show a running one: a point per interval, percentiles exact.
LiveSeries liveSeriesOf(const std::vector<Sample>& samples);

} // namespace core
