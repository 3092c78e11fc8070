// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/desktop/pages/monitor/lag_charts.h"

#include "app/desktop/charts/time_chart.h"

#include <QVBoxLayout>
#include <cmath>

namespace app {

namespace {

/// Where looks were added up, their lowest and their highest.
std::vector<core::ChartPoint> pointsOf(const core::LagHistory::Series& series,
                                       std::optional<core::Band> core::LagPoint::* figure) {
    std::vector<core::ChartPoint> points;
    points.reserve(2 * series.size());
    series.forEach([&](const core::LagPoint& point) {
        const auto& band = point.*figure;
        const double quarter = (point.until - point.from) / 4;
        if (!band) {
            points.push_back({point.until, std::nan("")});
        } else if (band->lowest == band->highest) {
            points.push_back({point.until, band->value});
        } else {
            points.push_back({point.from + quarter, band->lowest});
            points.push_back({point.until - quarter, band->highest});
        }
    });
    return points;
}

} // namespace

LagCharts::LagCharts(QWidget* parent) : QWidget(parent) {
    m_events = new TimeChart(
        m_axis,
        {.title = tr("Lag"), .unit = tr("events"), .logarithmic = false, .secondUnit = {}, .showsLatest = true});
    m_events->setSeries({{core::SeriesRole::Backlog, tr("lag")}});
    m_seconds = new TimeChart(m_axis, {.title = tr("Age of the first message that waits"),
                                       .unit = QStringLiteral("s"),
                                       .logarithmic = false,
                                       .secondUnit = {},
                                       .showsLatest = true});
    m_seconds->setSeries({{core::SeriesRole::P99, tr("age")}});
    for (TimeChart* chart : {m_events, m_seconds}) {
        chart->setEmptyText(tr("The lag of the chosen group appears here."));
    }
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins({});
    column->setSpacing(2);
    column->addWidget(m_events, 1);
    column->addWidget(m_seconds, 1);
}

void LagCharts::show(const core::LagHistory::Series* series, const std::string& group,
                     const std::vector<core::LagRuleOutcome>& rules) {
    std::vector<core::ChartLevel> events;
    std::vector<core::ChartLevel> seconds;
    for (const auto& each : rules) {
        if (each.rule.group.empty() || each.rule.group == group) {
            const bool isSeconds = each.rule.quantity == core::LagRule::Quantity::Seconds;
            (isSeconds ? seconds : events).push_back({each.rule.limit, each.rule.text});
        }
    }
    m_events->setLevels(std::move(events));
    m_seconds->setLevels(std::move(seconds));
    if (series == nullptr) {
        m_events->setPoints(0, {});
        m_seconds->setPoints(0, {});
        return;
    }
    m_events->setPoints(0, pointsOf(*series, &core::LagPoint::events));
    m_seconds->setPoints(0, pointsOf(*series, &core::LagPoint::seconds));
    m_axis.setExtent(series->from(), series->until());
}

} // namespace app
