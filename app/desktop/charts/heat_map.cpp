// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/desktop/charts/heat_map.h"

#include "app/desktop/charts/chart_text.h"
#include "app/desktop/charts/chart_theme.h"
#include "app/desktop/charts/heat_image.h"
#include "app/desktop/charts/plot.h"
#include "app/desktop/charts/plot_frame.h"
#include "app/desktop/charts/time_axis_input.h"

#include <QMouseEvent>
#include <QPainter>
#include <algorithm>
#include <cmath>
#include <utility>

namespace app {

namespace {

double binStart(std::size_t bin) { // seconds
    return core::heatBinStart(bin) / 1e6;
}

QString latencies(std::size_t bin) {
    const QString unit = QStringLiteral("s");
    return HeatMap::tr("%1 to %2").arg(axisText(binStart(bin), unit), axisText(binStart(bin + 1), unit));
}

std::size_t fullestBin(const core::HeatColumn& counts) {
    return static_cast<std::size_t>(std::max_element(counts.begin(), counts.end()) - counts.begin());
}

} // namespace

HeatMap::HeatMap(TimeAxis& axis, const QString& title, QWidget* parent) : ChartPanel(title, parent), m_axis(axis) {
    canvas()->installEventFilter(this);
    new TimeAxisInput(axis, canvas(), [this] { return canvas()->area(); });
    connect(&axis, &TimeAxis::rangeChanged, this, [this] {
        canvas()->repaintPlot();
        placeCrossHair();
    });
    connect(&axis, &TimeAxis::instantChanged, this, &HeatMap::placeCrossHair);
}

std::vector<HeatMap::Column> HeatMap::columnsOf(const core::LiveSeries& series) {
    std::vector<Column> columns;
    columns.reserve(series.size());
    series.forEach(
        [&](const core::LivePoint& point) { columns.push_back({point.from, point.until, point.latency.heat()}); });
    return columns;
}

void HeatMap::setColumns(std::vector<Column> columns) {
    m_columns = std::move(columns);
    m_range = core::heatRangeOf(m_columns);
    showLegend();
    readOut();
    contentChanged();
}

void HeatMap::setMarks(std::vector<core::ChartMark> marks) {
    m_marks = std::move(marks);
    canvas()->repaintPlot();
}

void HeatMap::themeChanged() {
    showLegend();
}

void HeatMap::showLegend() {
    std::vector<ChartLegend::Entry> entries;
    for (const core::HeatSwatch& swatch : core::heatSwatches(m_range.most)) {
        entries.push_back({localText(swatch.label), {}, colourOf(core::heatColour(swatch.share, themeOf(palette())))});
    }
    legend()->setEntries(std::move(entries));
}

bool HeatMap::isEmpty() const {
    return m_range.most <= 0;
}

QString HeatMap::textSummary() const {
    core::HeatColumn all{};
    const Column* slowest = nullptr;
    std::size_t highest = 0;
    for (const Column& column : m_columns) {
        for (std::size_t bin = 0; bin < core::kHeatBins; ++bin) {
            all[bin] += column.counts[bin];
            if (column.counts[bin] > 0 && (slowest == nullptr || bin > highest)) {
                slowest = &column;
                highest = bin;
            }
        }
    }
    if (slowest == nullptr) {
        return {};
    }
    return tr("%1: most events took %2, the slowest %3 at %4.")
        .arg(title(), latencies(fullestBin(all)), latencies(highest), timeText(slowest->from));
}

ChartTable HeatMap::table() const {
    ChartTable table;
    table.columns = {{tr("from (s)"), {}, {}}, {tr("until (s)"), {}, {}}};
    for (const Column& column : m_columns) {
        table.columns[0].values.push_back(column.from);
        table.columns[1].values.push_back(column.until);
    }
    for (std::size_t bin = m_range.first; bin < m_range.end; ++bin) {
        ChartTable::Column counts{latencies(bin), {}, {}};
        for (const Column& column : m_columns) {
            counts.values.push_back(static_cast<double>(column.counts[bin]));
        }
        table.columns.push_back(std::move(counts));
    }
    return table;
}

core::Plot HeatMap::plot(const QRectF& whole) const {
    const QRectF area = plotArea(whole, font());
    core::Plot plot;
    plot.x = axisOf(core::timeScale(m_axis.from(), m_axis.until()), core::AxisUnit::Seconds, ticksAcross(area, font()));
    plot.y = axisOf(m_range.scale(), core::AxisUnit::Latency, ticksUp(area, font()));
    plot.heat = heatCells(m_columns, plot.x.scale, columnsAcross(area), m_range);
    plot.marks = m_marks;
    return plot;
}

void HeatMap::paintPlot(QPainter& painter, const QRectF& whole) {
    const core::Theme theme = themeOf(palette());
    const QRectF area = plotArea(whole, font());
    const core::Plot shown = plot(whole);
    const int pixels = std::max(1, static_cast<int>(area.width()));
    painter.drawImage(
        area, heatImage(shown.heat, shown.x.scale, pixels, static_cast<int>(m_range.end - m_range.first), theme));
    paintMarks(painter, area, shown, theme);
    paintLabels(painter, area, shown, theme);
}

bool HeatMap::eventFilter(QObject* watched, QEvent* event) {
    if (event->type() == QEvent::MouseMove) {
        const QRectF area = canvas()->area();
        const double share = (area.bottom() - static_cast<QMouseEvent*>(event)->position().y()) / area.height();
        m_pointed = share >= 0 && share < 1 ? std::optional(share) : std::nullopt;
        readOut();
    } else if (event->type() == QEvent::Leave) {
        m_pointed.reset();
    }
    return ChartPanel::eventFilter(watched, event);
}

void HeatMap::placeCrossHair() {
    const auto instant = m_axis.instant();
    const bool inside = instant && *instant >= m_axis.from() && *instant <= m_axis.until();
    canvas()->setCrossHair(inside ? std::optional((*instant - m_axis.from()) / m_axis.span()) : std::nullopt);
    readOut();
}

/// The cell under the mouse; from the keyboard, and on another chart, the fullest one of that time.
void HeatMap::readOut() {
    const auto instant = m_axis.instant();
    const auto column = std::find_if(m_columns.begin(), m_columns.end(), [&](const Column& each) {
        return instant && *instant >= each.from && *instant < each.until;
    });
    if (column == m_columns.end() || isEmpty()) {
        legend()->setFigures({}, instant ? timeText(*instant, true) : QString());
        return;
    }
    const auto up = static_cast<std::size_t>(m_pointed.value_or(0) * static_cast<double>(m_range.end - m_range.first));
    const std::size_t bin = m_pointed ? m_range.first + up : fullestBin(column->counts);
    const double rate = static_cast<double>(column->counts[bin]) / (column->until - column->from);
    const QString text = m_pointed ? tr("%1, %2: %3") : tr("%1, most in %2: %3");
    legend()->setFigures({},
                         text.arg(timeText(*instant, true), latencies(bin), figureText(rate, QStringLiteral("/s"))));
}

} // namespace app
