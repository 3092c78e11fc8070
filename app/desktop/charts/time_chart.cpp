// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/desktop/charts/time_chart.h"

#include "app/desktop/charts/chart_text.h"
#include "app/desktop/charts/chart_theme.h"
#include "app/desktop/charts/plot_areas.h"
#include "app/desktop/charts/plot_frame.h"
#include "app/desktop/charts/series_figures.h"
#include "app/desktop/charts/time_axis_input.h"

#include <QPainter>
#include <algorithm>
#include <cmath>
#include <utility>

namespace app {

namespace {

constexpr std::size_t kMostInSummary = 6;

QString titleOf(const TimeChart::Spec& spec) {
    const bool said = spec.unit.isEmpty() || spec.unit == QStringLiteral("s");
    return said ? spec.title : QStringLiteral("%1 (%2)").arg(spec.title, spec.unit);
}

} // namespace

TimeChart::TimeChart(TimeAxis& axis, Spec spec, QWidget* parent)
    : ChartPanel(titleOf(spec), parent), m_axis(axis), m_spec(std::move(spec)) {
    new TimeAxisInput(axis, canvas(), [this] { return canvas()->area(); });
    connect(&axis, &TimeAxis::rangeChanged, this, [this] {
        canvas()->repaintPlot();
        placeCrossHair();
    });
    connect(&axis, &TimeAxis::instantChanged, this, &TimeChart::placeCrossHair);
}

TimeChart::~TimeChart() = default;

void TimeChart::setSeries(std::vector<SeriesSpec> series) {
    m_series.clear();
    for (SeriesSpec& spec : series) {
        m_series.push_back({std::move(spec), {}});
    }
    themeChanged();
    contentChanged();
}

void TimeChart::themeChanged() {
    std::vector<ChartLegend::Entry> entries;
    for (const Series& series : m_series) {
        if (!series.spec.name.isEmpty()) {
            entries.push_back({series.spec.name, styleOf(series), std::nullopt});
        }
    }
    legend()->setEntries(std::move(entries));
    readOut();
}

void TimeChart::setPoints(std::size_t series, std::span<const core::ChartPoint> points) {
    m_series.at(series).points.assign(points.begin(), points.end());
    readOut();
    contentChanged();
}

void TimeChart::setMarks(std::vector<core::ChartMark> marks) {
    m_marks = std::move(marks);
    canvas()->repaintPlot();
}

void TimeChart::setShades(std::vector<core::ChartShade> shades) {
    m_shades = std::move(shades);
    canvas()->repaintPlot();
}

void TimeChart::setLevels(std::vector<core::ChartLevel> levels) {
    m_levels = std::move(levels);
    canvas()->repaintPlot();
}

core::SeriesStyle TimeChart::styleOf(const Series& series) const {
    const core::Theme theme = themeOf(palette());
    return series.spec.run ? core::styleOfRun(*series.spec.run, theme) : core::styleOf(series.spec.role, theme);
}

const QString& TimeChart::unitOf(const Series& series) const {
    return series.spec.secondAxis ? m_spec.secondUnit : m_spec.unit;
}

bool TimeChart::isEmpty() const {
    return std::all_of(m_series.begin(), m_series.end(), [](const Series& s) { return !latestOf(s.points); });
}

QString TimeChart::textSummary() const {
    QStringList sentences;
    for (const Series& series : m_series) {
        const auto figures = series.spec.name.isEmpty() ? std::nullopt : figuresOf(series.points);
        if (!figures || static_cast<std::size_t>(sentences.size()) == kMostInSummary) {
            continue;
        }
        sentences += tr("%1 %2: %3 at the median second, highest %4 at %5.")
                         .arg(m_spec.title, series.spec.name, figureText(figures->median, unitOf(series)),
                              figureText(figures->highest.y, unitOf(series)), timeText(figures->highest.x));
    }
    return sentences.join(QLatin1Char(' '));
}

ChartTable TimeChart::table() const {
    ChartTable table;
    std::vector<double> times;
    for (const Series& series : m_series) {
        if (series.spec.name.isEmpty()) {
            continue;
        }
        for (const core::ChartPoint& point : series.points) {
            times.push_back(point.x);
        }
    }
    std::sort(times.begin(), times.end());
    times.erase(std::unique(times.begin(), times.end()), times.end());
    table.columns.push_back({tr("time (s)"), {}, times});
    for (const Series& series : m_series) {
        if (series.spec.name.isEmpty()) {
            continue;
        }
        std::vector<double> values(times.size(), std::nan(""));
        auto row = times.begin();
        for (const core::ChartPoint& point : series.points) {
            row = std::lower_bound(row, times.end(), point.x);
            values[static_cast<std::size_t>(row - times.begin())] = point.y;
        }
        const QString name = QStringLiteral("%1 (%2)").arg(series.spec.name, unitOf(series));
        table.columns.push_back({name, unitOf(series), std::move(values)});
    }
    return table;
}

void TimeChart::paintPlot(QPainter& painter, const QRectF& whole) {
    const core::Theme theme = themeOf(palette());
    const QRectF area = plotArea(whole, font());
    const core::Plot shown = plot(whole);
    paintGround(painter, area, shown, theme);
    paintAreas(painter, area, shown);
    m_lines.paint(painter, area, shown);
    paintMarks(painter, area, shown, theme);
    paintLabels(painter, area, shown, theme);
}

void TimeChart::placeCrossHair() {
    const auto instant = m_axis.instant();
    const bool inside = instant && *instant >= m_axis.from() && *instant <= m_axis.until();
    canvas()->setCrossHair(inside ? std::optional((*instant - m_axis.from()) / m_axis.span()) : std::nullopt);
    readOut();
}

void TimeChart::readOut() {
    QStringList figures;
    const auto instant = m_axis.instant();
    for (const Series& series : m_series) {
        if (series.spec.name.isEmpty()) {
            continue;
        }
        const auto end = series.points.empty() ? std::nullopt : std::optional(series.points.back().x);
        const auto at = instant ? instant : end; // all of one instant: a p99 of before beside a maximum of now misleads
        const auto value = at ? valueAt(series.points, *at) : std::nullopt;
        const bool shown = instant || m_spec.showsLatest;
        figures += shown ? axisText(value.value_or(std::nan("")), unitOf(series)) : QString();
    }
    legend()->setFigures(figures, instant ? timeText(*instant, true) : QString());
}

} // namespace app
