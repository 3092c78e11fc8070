// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/desktop/charts/decimation.h"
#include "app/desktop/charts/plot_axes.h"
#include "app/desktop/charts/time_chart.h"

#include <algorithm>

/// What a TimeChart shows: the visible points, thinned, and axes that hold them.
namespace app {

namespace {

// A line a pixel and a half wide shows no more; half the points are drawn in half the time.
constexpr double kColumnWidth = 2; // pixels

} // namespace

Plot TimeChart::plot(const QRectF& whole) const {
    const QRectF area = plotArea(whole, font());
    const Columns columns{m_axis.from(), m_axis.until(), std::max(1, static_cast<int>(area.width() / kColumnWidth))};
    Plot plot;
    for (const Series& series : m_series) {
        const bool positiveOnly = m_spec.logarithmic && !series.spec.secondAxis;
        plot.lines.push_back(
            {styleOf(series), series.spec.secondAxis, decimated(series.points, columns, positiveOnly)});
    }
    const int up = ticksUp(area, font());
    Extremes extremes = extremesOf(plot.lines, false);
    if (m_limit) {
        extremes.take(m_limit->at);
    }
    plot.x = timeAxis(m_axis.from(), m_axis.until(), ticksAcross(area, font()));
    plot.y = m_spec.logarithmic ? logAxis(extremes, up, m_spec.unit) : linearAxis(extremes, up, m_spec.unit);
    if (!m_spec.secondUnit.isEmpty()) {
        plot.second = linearAxis(extremesOf(plot.lines, true), up, m_spec.secondUnit);
    }
    plot.uprights = m_uprights;
    plot.shades = m_shades;
    plot.limit = m_limit;
    return plot;
}

} // namespace app
