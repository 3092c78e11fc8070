// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/desktop/charts/latency_chart.h"

namespace app {

/// Which share of the events took at most how long, up to p99.99: each step to the right leaves a tenth of the events.
/// A curve ends where the percentile has too few values (core::valuesNeeded()).
class PercentileChart : public LatencyChart {
    Q_OBJECT

public:
    explicit PercentileChart(const QString& title, QWidget* parent = nullptr);

    ChartTable table() const override;
    core::Plot plot(const QRectF& whole) const override;

protected:
    ReadOut readOutAt(double share) const override;
};

} // namespace app
