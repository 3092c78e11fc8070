// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/desktop/charts/latency_chart.h"

namespace app {

/// How many events took how long, on a log axis of latencies, in eighths of an octave.
class HistogramChart : public LatencyChart {
    Q_OBJECT

public:
    explicit HistogramChart(const QString& title, QWidget* parent = nullptr);

    ChartTable table() const override;
    core::Plot plot(const QRectF& whole) const override;

protected:
    ReadOut readOutAt(double share) const override;
};

} // namespace app
