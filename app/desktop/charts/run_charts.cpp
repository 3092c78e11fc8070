// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/desktop/charts/run_charts.h"

#include "app/desktop/charts/heat_map.h"
#include "app/desktop/charts/live_points.h"
#include "app/desktop/charts/mark_text.h"
#include "app/desktop/charts/time_chart.h"
#include "core/chart/chart_marks.h"
#include "core/report/run_charts.h"

#include <QVBoxLayout>
#include <algorithm>

namespace app {

RunCharts::RunCharts(Figures figures, QWidget* parent) : QWidget(parent) {
    using Role = core::SeriesRole;
    const bool latest = figures == Figures::Latest;
    m_rates = new TimeChart(m_axis, {.title = tr("Rates"),
                                     .unit = tr("/s", "events per second"),
                                     .logarithmic = false,
                                     .secondUnit = tr("events"),
                                     .showsLatest = latest});
    m_rates->setSeries({{Role::Planned, tr("planned")},
                        {Role::Sent, tr("sent")},
                        {Role::Acked, tr("acked")},
                        {Role::Stored, tr("stored")},
                        {Role::Backlog, tr("backlog"), true}});
    m_latency = new TimeChart(m_axis, {.title = tr("End-to-end latency"),
                                       .unit = QStringLiteral("s"),
                                       .logarithmic = true,
                                       .secondUnit = {},
                                       .showsLatest = latest});
    m_latency->setSeries({{Role::P50, tr("p50")},
                          {Role::P90, tr("p90")},
                          {Role::P99, tr("p99")},
                          {Role::P999, tr("p99.9")},
                          {Role::Max, tr("max")}});
    m_heat = new HeatMap(m_axis, tr("Latency by time"));

    auto* const column = new QVBoxLayout(this);
    column->setContentsMargins({});
    column->setSpacing(2);
    column->addWidget(m_rates, 5);
    column->addWidget(m_latency, 5);
    column->addWidget(m_heat, 4);
}

void RunCharts::setRules(std::span<const core::Threshold> rules) {
    std::vector<core::ChartLevel> levels = core::latencyLimits(rules);
    for (core::ChartLevel& level : levels) {
        level.y /= 1e3; // the chart has seconds
    }
    m_latency->setLevels(std::move(levels));
}

void RunCharts::setMarks(std::span<const core::Mark> timeline) {
    const auto word = [](std::string_view text) { return markWord(text).toStdString(); };
    const std::vector<core::ChartMark> shown = core::chartMarks(timeline, word);
    m_rates->setMarks(shown);
    m_latency->setMarks(shown);
    m_heat->setMarks(shown);
    m_lastMark = shown.empty() ? 0 : shown.back().x; // those of the end are in view
}

void RunCharts::setSeries(const core::LiveSeries& series, std::span<const core::LatencyBin> bins) {
    using Point = core::LivePoint;
    constexpr std::array kRates{&Point::target, &Point::sent, &Point::acked, &Point::stored, &Point::backlog};
    for (std::size_t i = 0; i < kRates.size(); ++i) {
        m_rates->setPoints(i, linePoints(series, kRates[i]));
    }
    using Figures = core::LatencyFigures;
    constexpr std::array kLatencies{&Figures::p50, &Figures::p90, &Figures::p99, &Figures::p999, &Figures::max};
    for (std::size_t i = 0; i < kLatencies.size(); ++i) {
        m_latency->setPoints(i, linePoints(bins, kLatencies[i]));
    }
    m_heat->setColumns(HeatMap::columnsOf(series));
    m_axis.setExtent(std::min(0.0, series.from()), std::max(series.until(), m_lastMark));
}

std::array<ChartPanel*, 3> RunCharts::panels() const {
    return {m_rates, m_latency, m_heat};
}

} // namespace app
