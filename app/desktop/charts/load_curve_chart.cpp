// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/desktop/charts/load_curve_chart.h"

#include "core/units.h"

#include <QVBoxLayout>
#include <chrono>

namespace app {

namespace {

constexpr std::size_t kMostNamed = core::kMostComparedRuns; // streams with a look and a name of their own
constexpr std::size_t kMostStageLines = 40;

TimeChart::Spec spec() {
    return {LoadCurveChart::tr("Planned load"), QStringLiteral("/s"), false, {}, false};
}

} // namespace

LoadCurveChart::LoadCurveChart(QWidget* parent) : QWidget(parent), m_chart(new TimeChart(m_axis, spec(), this)) {
    auto* const whole = new QVBoxLayout(this);
    whole->setContentsMargins({});
    whole->addWidget(m_chart);
    setAccessibleName(m_chart->title());
    m_chart->setEmptyText(tr("The load over time will be drawn here once the scenario is complete."));
}

void LoadCurveChart::clear() {
    m_chart->setSeries({});
    m_chart->setShades({});
    m_chart->setMarks({});
}

void LoadCurveChart::setScenario(const core::Scenario& scenario) {
    std::vector<LoadCurve> streams;
    std::vector<core::ChartMark> stages;
    for (const core::Stream& stream : scenario.streams) {
        // The arrivals' pattern moves events, not the rate.
        const core::Schedule schedule(core::stagesWithWarmup(stream, scenario.warmup), core::Arrival::Even, 0);
        streams.push_back(curveOf(schedule));
        for (const core::Schedule::StageSpan& span : schedule.stageSpans()) {
            stages.push_back({core::secondsOf(span.from), {}});
        }
    }
    m_axis.setExtent(0, core::secondsOf(core::plannedLength(scenario)));
    m_axis.followWhole();
    m_chart->setShades(
        scenario.warmup > core::Nanoseconds::zero()
            ? std::vector<core::ChartShade>{{0, core::secondsOf(scenario.warmup), tr("warm-up").toStdString()}}
            : std::vector<core::ChartShade>());
    m_chart->setMarks(stages.size() <= kMostStageLines ? std::move(stages) : std::vector<core::ChartMark>());
    showCurves(scenario, streams);
}

void LoadCurveChart::showCurves(const core::Scenario& scenario, const std::vector<LoadCurve>& streams) {
    const bool named = streams.size() <= kMostNamed;
    std::vector<TimeChart::SeriesSpec> series;
    for (std::size_t i = 0; i < streams.size(); ++i) {
        series.push_back({core::SeriesRole::Mark, named ? QString::fromStdString(scenario.streams[i].name) : QString(),
                          false, named ? std::optional(i) : std::nullopt});
    }
    const bool several = streams.size() > 1;
    if (several) {
        series.push_back({core::SeriesRole::Planned, tr("total")});
    }
    m_chart->setSeries(std::move(series));
    for (std::size_t i = 0; i < streams.size(); ++i) {
        m_chart->setPoints(i, streams[i]);
    }
    if (several) {
        m_chart->setPoints(streams.size(), sumOf(streams));
    }
}

} // namespace app
