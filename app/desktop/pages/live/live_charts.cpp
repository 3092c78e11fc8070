// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/desktop/pages/live/live_charts.h"

#include "app/desktop/charts/heat_map.h"
#include "app/desktop/charts/histogram_chart.h"
#include "app/desktop/charts/live_points.h"
#include "app/desktop/charts/mark_text.h"
#include "app/desktop/charts/percentile_chart.h"
#include "app/desktop/charts/time_chart.h"
#include "app/desktop/pages/live/run_model.h"
#include "core/report/run_charts.h"

#include <QComboBox>
#include <QTabWidget>
#include <QVBoxLayout>
#include <array>

namespace app {

namespace {

constexpr core::Nanoseconds kRecent = std::chrono::seconds(10);

enum Part { kLastSeconds, kWholeRun };

/// The limits of the latency chart's rules, in seconds.
std::vector<core::ChartLevel> levelsOf(const core::Scenario& scenario) {
    std::vector<core::Threshold> rules;
    for (const core::ThresholdSpec& spec : scenario.thresholds) {
        if (auto rule = core::Threshold::parse(spec)) {
            rules.push_back(*std::move(rule));
        }
    }
    std::vector<core::ChartLevel> levels = core::latencyLimits(rules);
    for (core::ChartLevel& level : levels) {
        level.y /= 1e3;
    }
    return levels;
}

} // namespace

LiveCharts::LiveCharts(const RunModel& model, QWidget* parent) : QWidget(parent), m_model(model) {
    using Role = core::SeriesRole;
    m_rates = new TimeChart(m_axis, {.title = tr("Rates"),
                                     .unit = tr("/s", "events per second"),
                                     .logarithmic = false,
                                     .secondUnit = tr("events")});
    m_rates->setSeries({{Role::Planned, tr("planned")},
                        {Role::Sent, tr("sent")},
                        {Role::Acked, tr("acked")},
                        {Role::Stored, tr("stored")},
                        {Role::Backlog, tr("backlog"), true}});
    m_latency = new TimeChart(
        m_axis,
        {.title = tr("End-to-end latency"), .unit = QStringLiteral("s"), .logarithmic = true, .secondUnit = {}});
    m_latency->setSeries({{Role::P50, tr("p50")},
                          {Role::P90, tr("p90")},
                          {Role::P99, tr("p99")},
                          {Role::P999, tr("p99.9")},
                          {Role::Max, tr("max")}});
    m_heat = new HeatMap(m_axis, tr("Latency by time"));

    auto* const column = new QVBoxLayout(this);
    column->setContentsMargins(4, 0, 4, 0);
    column->setSpacing(2);
    column->addWidget(m_rates, 5);
    column->addWidget(m_latency, 5);
    column->addWidget(m_heat, 4);
    column->addWidget(spread(), 4);
}

QWidget* LiveCharts::spread() {
    auto* const tabs = new QTabWidget;
    tabs->setDocumentMode(true);
    m_histogram = new HistogramChart(tr("Histogram of end-to-end latencies"));
    m_percentiles = new PercentileChart(tr("Percentiles of end-to-end latencies"));
    tabs->addTab(m_histogram, tr("Histogram"));
    tabs->addTab(m_percentiles, tr("Percentiles"));
    m_part = new QComboBox;
    m_part->insertItem(kLastSeconds, tr("last 10 seconds"));
    m_part->insertItem(kWholeRun, tr("whole run"));
    m_part->setAccessibleName(tr("Part of the run whose latencies are shown"));
    tabs->setCornerWidget(m_part);
    connect(m_part, &QComboBox::currentIndexChanged, this, &LiveCharts::refreshSpread);
    connect(tabs, &QTabWidget::currentChanged, this, &LiveCharts::refreshSpread);
    return tabs;
}

void LiveCharts::runChanged() {
    const auto& run = m_model.run();
    m_latency->setLevels(run ? levelsOf(run->scenario) : std::vector<core::ChartLevel>());
    if (m_model.state() == RunModel::State::Starting) {
        m_axis.setFrozen(false);
        m_axis.followWhole();
    }
    const QString waiting = tr("Waiting for the first events.");
    for (ChartPanel* const chart :
         std::initializer_list<ChartPanel*>{m_rates, m_latency, m_heat, m_histogram, m_percentiles}) {
        chart->setEmptyText(waiting);
    }
    m_shownUntil = -1;
    m_shownMarks.reset();
    refresh();
}

void LiveCharts::showOnly(std::optional<std::size_t> stream) {
    m_only = stream;
    m_shownUntil = -1;
    refresh();
}

const core::LiveSeries& LiveCharts::series() const {
    static const core::LiveSeries kNone;
    if (!m_only) {
        return m_model.series();
    }
    const core::LiveSeries* const one = m_model.series(*m_only);
    return one == nullptr ? kNone : *one;
}

void LiveCharts::refresh() {
    refreshTime();
    refreshSpread();
}

void LiveCharts::refreshTime() {
    const core::LiveSeries& series = this->series();
    std::vector<core::Mark> marks = m_model.status().timeline;
    const std::size_t certain = marks.size();
    std::vector<core::Mark> broken = core::unmarkedBreaks(m_model.status().rules, marks); // they may be mended
    const bool sameMarks = certain == m_shownMarks && broken == m_shownBroken;
    if (series.until() == m_shownUntil && sameMarks) {
        return;
    }
    m_shownUntil = series.until();
    using Point = core::LivePoint;
    constexpr std::array kRates{&Point::target, &Point::sent, &Point::acked, &Point::stored, &Point::backlog};
    for (std::size_t i = 0; i < kRates.size(); ++i) {
        m_rates->setPoints(i, linePoints(series, kRates[i]));
    }
    using Figures = core::LatencyFigures;
    constexpr std::array kLatencies{&Figures::p50, &Figures::p90, &Figures::p99, &Figures::p999, &Figures::max};
    const std::vector<core::LatencyBin> bins = core::latencyBins(series);
    for (std::size_t i = 0; i < kLatencies.size(); ++i) {
        m_latency->setPoints(i, linePoints(bins, kLatencies[i]));
    }
    m_heat->setColumns(HeatMap::columnsOf(series));
    const double lastMark = marks.empty() ? 0 : marks.back().seconds; // those of the end are in view
    if (!sameMarks) {
        m_shownMarks = certain;
        m_shownBroken = broken;
        std::ranges::move(broken, std::back_inserter(marks));
        const auto word = [](std::string_view text) { return markWord(text).toStdString(); };
        const std::vector<core::ChartMark> shown = core::chartMarks(marks, word);
        m_rates->setMarks(shown);
        m_latency->setMarks(shown);
        m_heat->setMarks(shown);
    }
    m_axis.setExtent(std::min(0.0, m_model.series().from()), std::max(m_model.series().until(), lastMark));
}

void LiveCharts::refreshSpread() {
    const auto show = [this](const core::LatencyHistogram& corrected, const core::LatencyHistogram& uncorrected) {
        m_histogram->setHistograms(corrected, uncorrected);
        m_percentiles->setHistograms(corrected, uncorrected);
    };
    using core::Metric;
    const auto& ended = m_model.result();
    const core::Snapshot& snapshot = m_model.status().snapshot;
    if (m_only) {
        const core::Snapshot* const earlier = m_part->currentIndex() == kLastSeconds ? m_model.base() : nullptr;
        core::MetricHistograms latency;
        if (*m_only < snapshot.streams.size()) {
            latency = snapshot.streams[*m_only].latency;
        }
        for (std::size_t i = 0; earlier != nullptr && i < latency.size(); ++i) {
            latency[i].subtract(earlier->streams[*m_only].latency[i]);
        }
        show(core::of(latency, Metric::EndToEnd), core::of(latency, Metric::EndToEndUncorrected));
    } else if (m_part->currentIndex() == kLastSeconds) {
        const auto window = m_model.recent(kRecent);
        const core::MetricHistograms& latency = window ? window->latency : core::MetricHistograms();
        show(core::of(latency, Metric::EndToEnd), core::of(latency, Metric::EndToEndUncorrected));
    } else if (ended) {
        show(core::of(ended->result->latency, Metric::EndToEnd),
             core::of(ended->result->latency, Metric::EndToEndUncorrected));
    } else {
        show(snapshot.latency(Metric::EndToEnd), snapshot.latency(Metric::EndToEndUncorrected));
    }
}

void LiveCharts::focusRates() {
    m_rates->canvas()->setFocus();
}

void LiveCharts::focusLatency() {
    m_latency->canvas()->setFocus();
}

} // namespace app
