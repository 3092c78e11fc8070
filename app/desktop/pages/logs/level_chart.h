// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/desktop/charts/chart_panel.h"
#include "app/desktop/charts/plot.h"
#include "app/desktop/pages/logs/level_counts.h"

namespace app {

/// The events that were found over time as bars, the levels on each other.
class LevelChart : public ChartPanel {
    Q_OBJECT

public:
    explicit LevelChart(QWidget* parent = nullptr);

    void setCounts(LevelCounts counts);
    const LevelCounts& counts() const { return m_counts; }

    QString textSummary() const override;
    ChartTable table() const override;

protected:
    bool isEmpty() const override { return m_counts.bins.empty(); }
    void paintPlot(QPainter& painter, const QRectF& whole) override;
    void themeChanged() override;

private:
    core::Plot frame(const QRectF& area) const; ///< axes; x in seconds since the first bin's midnight

    LevelCounts m_counts;
};

} // namespace app
