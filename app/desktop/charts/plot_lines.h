// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/desktop/charts/plot.h"

#include <memory>

class QPainter;

namespace app {

/// Draws a plot's lines by Qt Charts, but for crowded ones, and is alone in knowing it: upstream gives it up from 6.10
/// on. What stands around the lines is ours (plot_frame.h), since Qt's axes know no SI prefix and move the plot as
/// labels grow.
class PlotLines {
public:
    PlotLines();
    ~PlotLines();

    void paint(QPainter& painter, const QRectF& area, const core::Plot& plot);

private:
    struct Crowded;
    struct Chart;
    std::unique_ptr<Chart> m_chart;
};

} // namespace app
