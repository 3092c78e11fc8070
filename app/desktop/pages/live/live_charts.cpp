// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/desktop/pages/live/live_charts.h"

#include "app/desktop/charts/histogram_chart.h"
#include "app/desktop/charts/percentile_chart.h"
#include "app/desktop/charts/run_charts.h"
#include "app/desktop/charts/time_chart.h"
#include "app/desktop/pages/live/run_model.h"

#include <QComboBox>
#include <QTabWidget>
#include <QVBoxLayout>
#include <algorithm>

namespace app {

namespace {

constexpr core::Nanoseconds kRecent = std::chrono::seconds(10);

enum Part { kLastSeconds, kWholeRun };

std::vector<core::Threshold> rulesOf(const core::Scenario& scenario) {
    std::vector<core::Threshold> rules;
    for (const core::ThresholdSpec& spec : scenario.thresholds) {
        if (auto rule = core::Threshold::parse(spec)) {
            rules.push_back(*std::move(rule));
        }
    }
    return rules;
}

} // namespace

LiveCharts::LiveCharts(const RunModel& model, QWidget* parent) : QWidget(parent), m_model(model) {
    auto* const column = new QVBoxLayout(this);
    column->setContentsMargins(4, 0, 4, 0);
    column->setSpacing(2);
    m_overTime = new RunCharts(RunCharts::Figures::Latest);
    connect(&m_overTime->axis(), &TimeAxis::chosen, this, &LiveCharts::choose);
    column->addWidget(m_overTime, 14);
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
    m_overTime->setRules(run ? rulesOf(run->scenario) : std::vector<core::Threshold>());
    if (m_model.state() == RunModel::State::Starting) {
        m_overTime->axis().setFrozen(false);
        m_overTime->axis().followWhole();
    }
    const QString waiting = tr("Waiting for the first events.");
    for (ChartPanel* const chart : m_overTime->panels()) {
        chart->setEmptyText(waiting);
    }
    m_shownUntil = -1;
    m_shownMarks.reset();
    refresh();
}

/// The axis counts from the run's origin.
void LiveCharts::choose(double seconds) {
    const core::Snapshot& snapshot = m_model.status().snapshot;
    const core::Nanoseconds sinceOrigin = core::Instant::clock::now() - (snapshot.at - snapshot.sinceStart);
    const auto at = std::chrono::system_clock::now() - sinceOrigin +
                    std::chrono::duration_cast<core::Nanoseconds>(std::chrono::duration<double>(seconds));
    Q_EMIT secondChosen(std::chrono::duration_cast<std::chrono::microseconds>(at.time_since_epoch()).count());
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
    std::vector<core::Mark> broken = core::unmarkedBreaks(m_model.status().rules, marks); // they may recover
    const bool sameMarks = certain == m_shownMarks && broken == m_shownBroken;
    if (series.until() == m_shownUntil && sameMarks) {
        return;
    }
    m_shownUntil = series.until();
    if (!sameMarks) {
        m_shownMarks = certain;
        m_shownBroken = broken;
        std::ranges::move(broken, std::back_inserter(marks));
        m_overTime->setMarks(marks);
    }
    m_overTime->setSeries(series, core::latencyBins(series));
}

void LiveCharts::refreshSpread() {
    const bool stopped =
        m_part->currentIndex() == kLastSeconds &&
        std::ranges::any_of(m_model.status().snapshot.streams, [](const core::StreamSnapshot& stream) {
            return core::of(stream.latency, core::Metric::EndToEnd).count() > 0; // those of the warm-up are not kept
        });
    const QString nothing =
        stopped ? tr("Nothing was stored in the last 10 seconds.") : tr("Waiting for the first events.");
    const auto show = [&](const core::LatencyHistogram& corrected, const core::LatencyHistogram& uncorrected) {
        if (corrected.count() == 0) {
            m_histogram->setEmptyText(nothing);
            m_percentiles->setEmptyText(nothing);
        }
        m_histogram->setHistograms(corrected, uncorrected);
        m_percentiles->setHistograms(corrected, uncorrected);
    };
    using core::Metric;
    const auto& ended = m_model.result();
    const core::Snapshot& snapshot = m_model.status().snapshot;
    if (m_only) {
        const core::Snapshot* const earlier = m_part->currentIndex() == kLastSeconds ? m_model.olderBase() : nullptr;
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
    m_overTime->rates()->canvas()->setFocus();
}

void LiveCharts::focusLatency() {
    m_overTime->latency()->canvas()->setFocus();
}

} // namespace app
