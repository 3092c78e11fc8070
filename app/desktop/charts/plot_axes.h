// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/desktop/charts/plot.h"

#include <limits>

namespace app {

/// The lowest and the highest of what was taken; none yet: the lowest is above the highest.
struct Extremes {
    double lowest = std::numeric_limits<double>::infinity();
    double highest = -std::numeric_limits<double>::infinity();

    void take(double value);
    bool known() const { return lowest <= highest; }
};

/// Of the lines on one of the two y axes.
Extremes extremesOf(const std::vector<Plot::Line>& lines, bool secondAxis);

/// From 0 to a round value; `ticks` is how many there is room for.
Plot::Axis linearAxis(Extremes extremes, int ticks, const QString& unit);
/// Whole decades, so that the axis seldom changes.
Plot::Axis logAxis(Extremes extremes, int ticks, const QString& unit);
/// Logarithmic, in seconds, with these very ends.
Plot::Axis latencyAxis(double lowest, double highest, int ticks);
Plot::Axis timeAxis(double from, double until, int ticks);

} // namespace app
