// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/desktop/charts/heat_map.h"

#include "app/desktop/charts/chart_text.h"
#include "app/desktop/charts/chart_theme.h"
#include "app/desktop/charts/plot_axes.h"
#include "app/desktop/charts/plot_frame.h"
#include "app/desktop/charts/time_axis_input.h"

#include <QMouseEvent>
#include <QPainter>
#include <algorithm>
#include <cmath>
#include <utility>

namespace app {

namespace {

constexpr std::size_t kBinsTogether = 4; // the axis begins and ends at a quadruple, so that it seldom changes
constexpr std::size_t kLeastBins = 12;
constexpr std::size_t kMostSwatches = 6;

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
    m_firstBin = core::kHeatBins;
    m_endBin = 0;
    m_most = 0;
    for (const Column& column : m_columns) {
        for (std::size_t bin = 0; bin < core::kHeatBins; ++bin) {
            if (column.counts[bin] == 0) {
                continue;
            }
            m_firstBin = std::min(m_firstBin, bin);
            m_endBin = std::max(m_endBin, bin + 1);
            m_most = std::max(m_most, static_cast<double>(column.counts[bin]) / (column.until - column.from));
        }
    }
    m_firstBin = m_firstBin / kBinsTogether * kBinsTogether;
    m_endBin = std::max((m_endBin + kBinsTogether - 1) / kBinsTogether * kBinsTogether, m_firstBin + kLeastBins);
    m_endBin = std::min(m_endBin, core::kHeatBins);
    m_firstBin = std::min(m_firstBin, m_endBin - kLeastBins);
    showLegend();
    readOut();
    contentChanged();
}

void HeatMap::themeChanged() {
    showLegend();
}

/// A swatch for each power of ten up to the most.
void HeatMap::showLegend() {
    std::vector<ChartLegend::Entry> entries;
    const int decades = m_most >= 1 ? static_cast<int>(std::log10(m_most)) : 0;
    const int first = std::max(0, decades + 1 - static_cast<int>(kMostSwatches));
    for (int decade = first; decade <= decades && !isEmpty(); ++decade) {
        const double rate = std::pow(10.0, decade);
        entries.push_back({figureText(rate, QStringLiteral("/s")),
                           {},
                           colourOf(core::heatColour(core::heatShare(rate, m_most), themeOf(palette())))});
    }
    legend()->setEntries(std::move(entries));
}

bool HeatMap::isEmpty() const {
    return m_endBin == 0 || m_most <= 0;
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
    for (std::size_t bin = m_firstBin; bin < m_endBin; ++bin) {
        ChartTable::Column counts{latencies(bin), {}, {}};
        for (const Column& column : m_columns) {
            counts.values.push_back(static_cast<double>(column.counts[bin]));
        }
        table.columns.push_back(std::move(counts));
    }
    return table;
}

Plot HeatMap::axes(const QRectF& area) const {
    Plot plot;
    plot.x = timeAxis(m_axis.from(), m_axis.until(), ticksAcross(area, font()));
    plot.y = latencyAxis(binStart(m_firstBin), binStart(m_endBin), ticksUp(area, font()));
    return plot;
}

void HeatMap::paintPlot(QPainter& painter, const QRectF& whole) {
    const core::Theme theme = themeOf(palette());
    const QRectF area = plotArea(whole, font());
    const HeatView view{m_axis.from(), m_axis.until(), std::max(1, static_cast<int>(area.width())), m_firstBin,
                        m_endBin};
    if (!isEmpty()) {
        painter.drawImage(area, heatImage(m_columns, view, m_most, theme));
    }
    paintLabels(painter, area, axes(area), theme);
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
    const auto up = static_cast<std::size_t>(m_pointed.value_or(0) * static_cast<double>(m_endBin - m_firstBin));
    const std::size_t bin = m_pointed ? m_firstBin + up : fullestBin(column->counts);
    const double rate = static_cast<double>(column->counts[bin]) / (column->until - column->from);
    const QString text = m_pointed ? tr("%1, %2: %3") : tr("%1, most in %2: %3");
    legend()->setFigures({},
                         text.arg(timeText(*instant, true), latencies(bin), figureText(rate, QStringLiteral("/s"))));
}

} // namespace app
