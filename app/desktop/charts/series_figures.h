// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/chart/decimation.h"

#include <QString>
#include <optional>
#include <span>

namespace app {

/// What can be said of a line: points ordered by x (seconds), gaps as y that are not finite.

/// y of the point nearest to `x`; nothing in a gap, outside the line, and without points.
std::optional<double> valueAt(std::span<const core::ChartPoint> points, double x);
/// y of the last point that has one.
std::optional<double> latestOf(std::span<const core::ChartPoint> points);

struct SeriesFigures {
    double median = 0; ///< of time: half of the seconds were below; a point lasts from the one before
    core::ChartPoint highest;
};
std::optional<SeriesFigures> figuresOf(std::span<const core::ChartPoint> points);

} // namespace app
