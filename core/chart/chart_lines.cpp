// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/chart/chart_lines.h"

#include <algorithm>
#include <cmath>
#include <optional>

namespace core {
namespace {

/// The lowest and the highest point of one pixel column.
class Column {
public:
    void add(const ChartPoint& point) {
        if (!m_low || point.y < m_low->y) {
            m_low = point;
        }
        if (!m_high || point.y > m_high->y) {
            m_high = point;
        }
    }
    void appendTo(std::vector<ChartPoint>& stretch) {
        if (!m_low) {
            return;
        }
        const bool same = m_low->x == m_high->x;
        const bool rising = m_low->x <= m_high->x;
        stretch.push_back(rising ? *m_low : *m_high);
        if (!same) {
            stretch.push_back(rising ? *m_high : *m_low);
        }
        m_low.reset();
        m_high.reset();
    }

private:
    std::optional<ChartPoint> m_low, m_high;
};

void drawSeries(SvgCanvas& canvas, const LineChart& chart, const ChartSeries& series) {
    const ChartPlace place(chart.frame);
    const ChartAxis& y = series.onRight && chart.frame.right ? *chart.frame.right : chart.frame.y;
    const auto columns = static_cast<std::size_t>(place.right - place.left);
    for (const auto& stretch : decimated(series.points, chart.frame.x.scale, columns)) {
        std::vector<SvgPoint> points;
        for (const ChartPoint& point : stretch) {
            points.push_back({place.x(chart.frame.x, point.x), place.y(y, point.y)});
        }
        if (points.size() == 1) {
            canvas.dot(points.front(), series.style.width, series.style.colour);
            continue;
        }
        if (series.style.area) {
            canvas.area(points, place.bottom, series.style.colour);
        }
        canvas.polyline(points, series.style);
    }
}

void drawLevels(SvgCanvas& canvas, const LineChart& chart, Theme theme) {
    const ChartPlace place(chart.frame);
    const SeriesStyle style = styleOf(SeriesRole::Limit, theme);
    for (const ChartLevel& level : chart.levels) {
        const AxisScale& scale = chart.frame.y.scale;
        if (level.y < scale.from || level.y > scale.until) {
            continue;
        }
        const double y = place.y(chart.frame.y, level.y);
        canvas.line({place.left, y}, {place.right, y}, style);
        const bool atTop = y < place.top + 14;
        const double middle = (place.left + place.right) / 2; // marks have their labels nearer to the ends
        canvas.text({middle, atTop ? y + 13 : y - 4}, level.text, style.colour, SvgCanvas::Anchor::Middle, 11);
    }
}

} // namespace

std::vector<std::vector<ChartPoint>> decimated(const std::vector<ChartPoint>& points, const AxisScale& scale,
                                               std::size_t columns) {
    std::vector<std::vector<ChartPoint>> stretches(1);
    Column column;
    std::optional<std::size_t> current;
    for (const ChartPoint& point : points) {
        const bool gap = !std::isfinite(point.y);
        const auto where = static_cast<std::size_t>(scale.share(point.x) * static_cast<double>(columns));
        if (gap || current != where) {
            column.appendTo(stretches.back());
        }
        current = where;
        if (gap && !stretches.back().empty()) {
            stretches.emplace_back();
        } else if (!gap) {
            column.add(point);
        }
    }
    column.appendTo(stretches.back());
    if (stretches.back().empty()) {
        stretches.pop_back();
    }
    return stretches;
}

std::string svgOf(const LineChart& chart, Theme theme) {
    SvgCanvas canvas = framedCanvas(chart.frame, theme);
    std::vector<LegendEntry> legend;
    for (const ChartSeries& series : chart.series) {
        drawSeries(canvas, chart, series);
        const bool known = std::ranges::any_of(series.points, [](const ChartPoint& at) { return std::isfinite(at.y); });
        legend.push_back({series.name + (known ? "" : ": not known"), series.style});
    }
    drawLevels(canvas, chart, theme);
    drawMarks(canvas, chart.frame, theme);
    drawLegend(canvas, chart.frame, legend, theme);
    return std::move(canvas).svg();
}

} // namespace core
