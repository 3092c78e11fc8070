// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/desktop/charts/chart_panel.h"
#include "app/desktop/charts/plot_lines.h"
#include "app/desktop/charts/time_axis.h"
#include "core/chart/decimation.h"

#include <optional>
#include <span>
#include <vector>

namespace app {

/// Lines over time on a shared TimeAxis; also two to five runs laid over each other.
class TimeChart : public ChartPanel {
    Q_OBJECT

public:
    /// A unit 's' goes with a prefix (values in seconds show as 9.8 ms); of others, such as '/s' or 'events', the axis
    /// shows the prefix and the read-out all.
    struct Spec {
        QString title;
        QString unit;
        bool logarithmic = false; ///< the y axis, of seconds; values ≤ 0 are gaps then
        QString secondUnit;       ///< of the axis at the right, which begins at 0
        bool showsLatest = true;  ///< in the legend while there is no cross-hair
    };

    struct SeriesSpec {
        core::SeriesRole role = core::SeriesRole::Sent;
        QString name; ///< empty: not in the legend, the table and the summary
        bool secondAxis = false;
        std::optional<std::size_t> run = std::nullopt; ///< looks like this run (styleOfRun()) instead of the role
    };

    /// The axis outlives the chart.
    TimeChart(TimeAxis& axis, Spec spec, QWidget* parent = nullptr);
    ~TimeChart() override;

    void setSeries(std::vector<SeriesSpec> series); ///< without points yet
    /// x: seconds since the run's origin, in order; a y that is not finite is a gap.
    void setPoints(std::size_t series, std::span<const core::ChartPoint> points);
    void setMarks(std::vector<core::ChartMark> marks);
    void setShades(std::vector<core::ChartShade> shades);
    void setLevels(std::vector<core::ChartLevel> levels); ///< limits of rules, in the unit of the y axis

    QString textSummary() const override;
    ChartTable table() const override;
    core::Plot plot(const QRectF& whole) const; ///< what is shown in a rectangle of this size

protected:
    bool isEmpty() const override;
    void paintPlot(QPainter& painter, const QRectF& whole) override;
    void themeChanged() override;

private:
    struct Series {
        SeriesSpec spec;
        std::vector<core::ChartPoint> points;
    };
    core::SeriesStyle styleOf(const Series& series) const;
    const QString& unitOf(const Series& series) const;
    void placeCrossHair();
    void readOut();

    TimeAxis& m_axis;
    Spec m_spec;
    std::vector<Series> m_series;
    std::vector<core::ChartMark> m_marks;
    std::vector<core::ChartShade> m_shades;
    std::vector<core::ChartLevel> m_levels;
    PlotLines m_lines;
};

} // namespace app
