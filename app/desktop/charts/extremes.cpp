// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/desktop/charts/extremes.h"

#include <algorithm>

namespace app {

void Extremes::include(double value) {
    lowest = std::min(lowest, value);
    highest = std::max(highest, value);
}

Extremes extremesOf(const std::vector<core::PlotLine>& lines, bool onRight) {
    Extremes extremes;
    for (const core::PlotLine& line : lines) {
        if (line.onRight != onRight) {
            continue;
        }
        for (const auto& piece : line.pieces) {
            for (const core::ChartPoint& point : piece) {
                extremes.include(point.y);
            }
        }
    }
    return extremes;
}

core::AxisScale latencyScale(const Extremes& extremes) {
    return extremes.known() ? core::logScale(extremes.lowest, extremes.highest) : core::logScale(1e-3, 1);
}

} // namespace app
