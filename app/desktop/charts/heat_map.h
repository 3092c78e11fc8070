// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/desktop/charts/chart_panel.h"
#include "app/desktop/charts/time_axis.h"
#include "core/chart/plot.h"
#include "core/measure/live_series.h"

#include <optional>
#include <vector>

namespace app {

/// How many events of each latency were stored at each time: time × log latency on the shared TimeAxis, the colour says
/// how many a second, by its logarithm.
class HeatMap : public ChartPanel {
    Q_OBJECT

public:
    using Column = core::HeatStretch; ///< in order

    /// The axis outlives the chart.
    HeatMap(TimeAxis& axis, const QString& title, QWidget* parent = nullptr);

    void setColumns(std::vector<Column> columns);
    void setMarks(std::vector<core::ChartMark> marks);
    static std::vector<Column> columnsOf(const core::LiveSeries& series);

    QString textSummary() const override;
    ChartTable table() const override;
    core::Plot plot(const QRectF& whole) const; ///< what is shown in a rectangle of this size

protected:
    bool isEmpty() const override;
    void paintPlot(QPainter& painter, const QRectF& whole) override;
    void themeChanged() override;
    bool eventFilter(QObject* watched, QEvent* event) override; // the mouse's height, for the read-out

private:
    void placeCrossHair();
    void readOut();
    void showLegend();

    TimeAxis& m_axis;
    std::vector<Column> m_columns;
    core::HeatRange m_range;
    std::vector<core::ChartMark> m_marks;
    std::optional<double> m_pointed; // share of the height under the mouse
};

} // namespace app
