// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/chart/decimation.h"
#include "core/measure/latency_bins.h"
#include "core/measure/live_series.h"

#include <span>
#include <vector>

namespace app {

/// The lines of a run's time line, for TimeChart::setPoints(): x the middle of each interval.

/// Rates (events/s) and the backlog (events). Where seconds were added up, their lowest and their highest, so that an
/// old peak is as high as it was when it was young.
std::vector<core::ChartPoint> linePoints(const core::LiveSeries& series, core::Band core::LivePoint::* band);

/// End-to-end in seconds; a long bin is a step. A bin with too few values for this percentile is a gap.
std::vector<core::ChartPoint> linePoints(std::span<const core::LatencyBin> bins,
                                         std::optional<std::uint64_t> core::LatencyFigures::* figure);

} // namespace app
