// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/desktop/charts/time_axis.h"
#include "core/monitor/lag_history.h"
#include "core/monitor/lag_rule.h"

#include <QWidget>
#include <string>
#include <vector>

namespace app {

class TimeChart;

/// A group's lag over time, in events and in seconds, on one time axis.
class LagCharts : public QWidget {
    Q_OBJECT

public:
    explicit LagCharts(QWidget* parent = nullptr);

    /// `group`: the series' and the one whose rules are lines. Nothing to show without a series.
    void show(const core::LagHistory::Series* series, const std::string& group,
              const std::vector<core::LagRuleOutcome>& rules);

    TimeAxis& axis() { return m_axis; }
    TimeChart* events() const { return m_events; }
    TimeChart* seconds() const { return m_seconds; }

private:
    TimeAxis m_axis;
    TimeChart *m_events = nullptr, *m_seconds = nullptr;
};

} // namespace app
