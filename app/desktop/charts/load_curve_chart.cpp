// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/desktop/charts/load_curve_chart.h"

#include "core/units.h"

#include <QVBoxLayout>
#include <algorithm>
#include <chrono>
#include <functional>

namespace app {

namespace {

constexpr std::size_t kMostNamed = core::kMostComparedRuns; // streams with a look and a name of their own
constexpr std::size_t kMostStageLines = 12;
constexpr double kLeastLabelled = 0.12; // of the whole; a narrower warm-up has no room for its name

TimeChart::Spec spec() {
    return {LoadCurveChart::tr("Planned load"), QStringLiteral("/s"), false, {}, false};
}

/// The area below it.
double eventsOf(const LoadCurve& curve) {
    double events = 0;
    for (std::size_t i = 1; i < curve.size(); ++i) {
        events += (curve[i].x - curve[i - 1].x) * (curve[i].y + curve[i - 1].y) / 2;
    }
    return events;
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
    std::vector<core::ChartShade> shades;
    if (const double warmup = core::secondsOf(scenario.warmup); warmup > 0) {
        const bool hasRoom = warmup >= kLeastLabelled * core::secondsOf(core::plannedLength(scenario));
        shades.push_back({0, warmup, hasRoom ? tr("warm-up").toStdString() : std::string()});
    }
    m_chart->setShades(std::move(shades));
    std::ranges::sort(stages, {}, &core::ChartMark::x);
    const auto repeated = std::ranges::unique(stages, {}, &core::ChartMark::x); // of streams that change together
    stages.erase(repeated.begin(), repeated.end());
    m_chart->setMarks(stages.size() <= kMostStageLines ? std::move(stages) : std::vector<core::ChartMark>());
    showCurves(namedCurves(scenario, std::move(streams)));
}

/// Each stream by its name; of many the largest, and the sum of all others.
std::vector<LoadCurveChart::NamedCurve> LoadCurveChart::namedCurves(const core::Scenario& scenario,
                                                                    std::vector<LoadCurve> streams) {
    std::vector<NamedCurve> named;
    for (std::size_t i = 0; i < streams.size(); ++i) {
        named.push_back({QString::fromStdString(scenario.streams[i].name), std::move(streams[i])});
    }
    if (named.size() <= kMostNamed) {
        return named;
    }
    std::ranges::stable_sort(named, std::ranges::greater(),
                             [](const NamedCurve& each) { return eventsOf(each.curve); });
    std::vector<LoadCurve> others;
    for (std::size_t i = kMostNamed - 1; i < named.size(); ++i) {
        others.push_back(std::move(named[i].curve));
    }
    named.resize(kMostNamed - 1);
    named.push_back({tr("%1 others").arg(others.size()), sumOf(others)});
    return named;
}

void LoadCurveChart::showCurves(const std::vector<NamedCurve>& streams) {
    std::vector<TimeChart::SeriesSpec> series;
    std::vector<LoadCurve> curves;
    for (const NamedCurve& stream : streams) {
        series.push_back({core::SeriesRole::Mark, stream.name, false, series.size()});
        curves.push_back(stream.curve);
    }
    if (streams.size() > 1) {
        series.push_back({core::SeriesRole::Planned, tr("total")});
        curves.push_back(sumOf(curves));
    }
    m_chart->setSeries(std::move(series));
    for (std::size_t i = 0; i < curves.size(); ++i) {
        m_chart->setPoints(i, curves[i]);
    }
}

} // namespace app
