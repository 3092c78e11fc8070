// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/desktop/charts/extremes.h"
#include "app/desktop/charts/plot.h"
#include "app/desktop/charts/time_chart.h"

#include <algorithm>

/// What a TimeChart shows: the visible points, thinned, and axes that hold them.
namespace app {

core::Plot TimeChart::plot(const QRectF& whole) const {
    using core::AxisUnit;
    const QRectF area = plotArea(whole, font());
    core::Plot plot;
    plot.x = axisOf(core::timeScale(m_axis.from(), m_axis.until()), AxisUnit::Seconds, ticksAcross(area, font()));
    for (const Series& series : m_series) {
        const bool positiveOnly = m_spec.logarithmic && !series.spec.secondAxis;
        plot.lines.push_back({styleOf(series), series.spec.secondAxis,
                              core::decimated(series.points, plot.x.scale, columnsAcross(area), positiveOnly)});
    }
    const int up = ticksUp(area, font());
    Extremes extremes = extremesOf(plot.lines, false);
    for (const core::ChartLevel& level : m_levels) {
        extremes.include(level.y);
    }
    plot.levels = m_levels;
    plot.y = m_spec.logarithmic ? axisOf(latencyScale(extremes), AxisUnit::Latency, up)
                                : axisOf(core::linearScale(extremes.highest),
                                         m_spec.unit == QStringLiteral("s") ? AxisUnit::Latency : AxisUnit::Rate, up);
    if (!m_spec.secondUnit.isEmpty()) {
        plot.right = axisOf(core::linearScale(extremesOf(plot.lines, true).highest), AxisUnit::Events, up);
    }
    plot.marks = m_marks;
    plot.shades = m_shades;
    return plot;
}

} // namespace app
