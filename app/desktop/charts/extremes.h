// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/chart/plot.h"

#include <limits>

namespace app {

/// The lowest and the highest of what was taken; none yet: the lowest is above the highest.
struct Extremes {
    double lowest = std::numeric_limits<double>::infinity();
    double highest = -std::numeric_limits<double>::infinity();

    void include(double value);
    bool known() const { return lowest <= highest; }
};

/// Of the lines on one of the two y axes.
Extremes extremesOf(const std::vector<core::PlotLine>& lines, bool onRight);

/// Holds these latencies (s); without any, from 1 ms to 1 s.
core::AxisScale latencyScale(const Extremes& extremes);

} // namespace app
