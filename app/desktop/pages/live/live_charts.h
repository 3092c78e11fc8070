// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/measure/live_series.h"
#include "core/measure/mark.h"

#include <QWidget>
#include <cstddef>
#include <optional>
#include <vector>

class QComboBox;

namespace app {

class HistogramChart;
class PercentileChart;
class RunCharts;
class RunModel;

/// The charts of the Live page, on one time axis: rates with the backlog, latencies, heat map, and how the latencies of
/// the last seconds or of the whole run are spread.
class LiveCharts : public QWidget {
    Q_OBJECT

public:
    explicit LiveCharts(const RunModel& model, QWidget* parent = nullptr);

    void runChanged(); ///< another run, or another state of it
    void refresh();
    void showOnly(std::optional<std::size_t> stream); ///< of the first RunModel::kStreamsKept; nothing: all together
    void focusRates();
    void focusLatency();

Q_SIGNALS:
    void secondChosen(qint64 utcMicros); ///< of which the events are wanted

private:
    QWidget* spread();
    void refreshTime();
    void refreshSpread();
    const core::LiveSeries& series() const; // of what is shown
    void choose(double seconds);

    const RunModel& m_model;
    RunCharts* m_overTime = nullptr;
    HistogramChart* m_histogram = nullptr;
    PercentileChart* m_percentiles = nullptr;
    QComboBox* m_part = nullptr; // last ten seconds, whole run
    std::optional<std::size_t> m_only;
    double m_shownUntil = -1;                // of the series; a point comes once a second, a snapshot several times
    std::optional<std::size_t> m_shownMarks; // of the time line
    std::vector<core::Mark> m_shownBroken;   // rules, beside it
};

} // namespace app
