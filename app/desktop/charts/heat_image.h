// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/chart/palette.h"
#include "core/measure/coarse_histogram.h"

#include <QImage>
#include <vector>

namespace app {

/// One stretch of time and how many events took how long in it.
struct HeatStretch {
    double from = 0, until = 0; ///< seconds since the run's origin
    core::HeatColumn counts{};  ///< by core::heatBinOf()
};

struct HeatView {
    double from = 0, until = 1; ///< seconds
    int columns = 1;            ///< of pixels
    std::size_t firstBin = 0, endBin = core::kHeatBins;
};

/// A pixel a cell, the highest latencies on top. `stretches` are in order. Where several stretches fall into a column,
/// it shows their events over their time.
QImage heatImage(const std::vector<HeatStretch>& stretches, const HeatView& view, double most, core::Theme theme);

} // namespace app
