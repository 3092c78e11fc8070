// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/desktop/charts/plot_axes.h"

#include "app/desktop/charts/chart_text.h"
#include "core/chart/axis_ticks.h"

#include <algorithm>
#include <cmath>

namespace app {

void Extremes::take(double value) {
    lowest = std::min(lowest, value);
    highest = std::max(highest, value);
}

Extremes extremesOf(const std::vector<Plot::Line>& lines, bool secondAxis) {
    Extremes extremes;
    for (const Plot::Line& line : lines) {
        if (line.secondAxis != secondAxis) {
            continue;
        }
        for (const QList<QPointF>& piece : line.pieces) {
            for (const QPointF& point : piece) {
                extremes.take(point.y());
            }
        }
    }
    return extremes;
}

Plot::Axis linearAxis(Extremes extremes, int ticks, const QString& unit) {
    Plot::Axis axis;
    axis.highest = core::roundedUp(extremes.highest);
    for (const double value : core::linearTicks(0, axis.highest, ticks)) {
        axis.ticks.push_back({value, axisText(value, unit)});
    }
    return axis;
}

Plot::Axis logAxis(Extremes extremes, int ticks, const QString& unit) {
    Plot::Axis axis;
    axis.logarithmic = true;
    const bool usable = extremes.known() && extremes.lowest > 0;
    axis.lowest = usable ? std::pow(10.0, std::floor(std::log10(extremes.lowest) + 1e-9)) : 1e-3;
    axis.highest = usable ? std::pow(10.0, std::ceil(std::log10(extremes.highest) - 1e-9)) : 1;
    if (axis.highest <= axis.lowest) {
        axis.highest = axis.lowest * 10;
    }
    for (const double value : core::logTicks(axis.lowest, axis.highest, ticks)) {
        axis.ticks.push_back({value, axisText(value, unit)});
    }
    return axis;
}

Plot::Axis latencyAxis(double lowest, double highest, int ticks) {
    Plot::Axis axis{lowest, highest, true, {}};
    for (const double value : core::logTicks(lowest, highest, ticks)) {
        axis.ticks.push_back({value, axisText(value, QStringLiteral("s"))});
    }
    return axis;
}

Plot::Axis timeAxis(double from, double until, int ticks) {
    Plot::Axis axis;
    axis.lowest = from;
    axis.highest = until;
    for (const double value : core::timeTicks(from, until, ticks)) {
        axis.ticks.push_back({value, timeText(value)});
    }
    return axis;
}

} // namespace app
