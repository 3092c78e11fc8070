// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/chart/decimation.h"
#include "core/load/schedule.h"

#include <vector>

namespace app {

/// A rate over time as straight pieces: x in seconds, never falling; two points of one x are a leap.
using LoadCurve = std::vector<core::ChartPoint>;

/// Of a schedule; exact but for sines, which are sampled.
LoadCurve curveOf(const core::Schedule& schedule);

/// The sum at each time; outside its points a curve is 0.
LoadCurve sumOf(const std::vector<LoadCurve>& curves);

} // namespace app
