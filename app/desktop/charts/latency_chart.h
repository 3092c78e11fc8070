// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/desktop/charts/chart_panel.h"
#include "app/desktop/charts/plot_lines.h"
#include "core/measure/latency_histogram.h"

namespace app {

/// A chart of one latency: counted from the due time ('corrected'), and beside it from the actual send.
class LatencyChart : public ChartPanel {
    Q_OBJECT

public:
    /// The second may be empty.
    void setHistograms(core::LatencyHistogram corrected, core::LatencyHistogram uncorrected);

    QString textSummary() const override;
    virtual core::Plot plot(const QRectF& whole) const = 0;

protected:
    LatencyChart(const QString& title, QWidget* parent);

    const core::LatencyHistogram& corrected() const { return m_corrected; }
    const core::LatencyHistogram& uncorrected() const { return m_uncorrected; }
    core::SeriesStyle styleOf(core::SeriesRole role) const;

    /// What is at this share of the x axis: where that is, and a figure for each histogram.
    struct ReadOut {
        QString where;
        QStringList figures;
    };
    virtual ReadOut readOutAt(double share) const = 0;

    bool isEmpty() const override { return m_corrected.count() == 0; }
    void paintPlot(QPainter& painter, const QRectF& whole) override;
    void themeChanged() override;
    bool eventFilter(QObject* watched, QEvent* event) override; // mouse and keys on the plot move the cross-hair

private:
    void point(std::optional<double> share);

    core::LatencyHistogram m_corrected, m_uncorrected;
    PlotLines m_lines;
    std::optional<double> m_pointed; // share of the x axis
};

/// A percentile in seconds; nothing with too few values.
std::optional<double> secondsAt(const core::LatencyHistogram& histogram, double percentile);

} // namespace app
