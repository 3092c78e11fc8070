// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/desktop/charts/time_axis.h"
#include "core/measure/latency_bins.h"
#include "core/measure/mark.h"
#include "core/verdict/threshold.h"

#include <QWidget>
#include <array>
#include <span>

namespace app {

class ChartPanel;
class HeatMap;
class TimeChart;

/// The charts of a run over time, on one time axis: rates with the backlog, end-to-end latencies, heat map. The same
/// for a run that is on and for one that has ended.
class RunCharts : public QWidget {
    Q_OBJECT

public:
    enum class Figures {
        Latest,         ///< in the legends, while there is no cross-hair
        UnderCrossHair, ///< alone, of a run that has ended
    };

    explicit RunCharts(Figures figures, QWidget* parent = nullptr);

    void setRules(std::span<const core::Threshold> rules); ///< whose limits are lines
    void setMarks(std::span<const core::Mark> timeline);
    /// Moves the axis' extent to hold the series and the marks. The bins are those of the series.
    void setSeries(const core::LiveSeries& series, std::span<const core::LatencyBin> bins);

    TimeAxis& axis() { return m_axis; }
    TimeChart* rates() const { return m_rates; }
    TimeChart* latency() const { return m_latency; }
    std::array<ChartPanel*, 3> panels() const;

private:
    TimeAxis m_axis;
    TimeChart *m_rates = nullptr, *m_latency = nullptr;
    HeatMap* m_heat = nullptr;
    double m_lastMark = 0;
};

} // namespace app
