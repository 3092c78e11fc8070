// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/desktop/charts/load_curve.h"
#include "app/desktop/charts/time_chart.h"
#include "core/scenario/scenario.h"

#include <QWidget>

namespace app {

/// The planned rate of a scenario by the very schedules that will run: each stream (of many, the largest and the others
/// together) and the total, the warm-up shaded, a line where a stage begins.
class LoadCurveChart : public QWidget {
    Q_OBJECT

public:
    explicit LoadCurveChart(QWidget* parent = nullptr);

    void setScenario(const core::Scenario& scenario);
    void clear(); ///< there is no valid scenario
    void setEmptyText(const QString& text) { m_chart->setEmptyText(text); }

    TimeChart* chart() const { return m_chart; } ///< table, saving, summary
    TimeAxis& axis() { return m_axis; }

private:
    struct NamedCurve {
        QString name;
        LoadCurve curve;
    };
    static std::vector<NamedCurve> namedCurves(const core::Scenario& scenario, std::vector<LoadCurve> streams);
    void showCurves(const std::vector<NamedCurve>& streams);

    TimeAxis m_axis;
    TimeChart* m_chart;
};

} // namespace app
