// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/chart/heat_cells.h"
#include "core/chart/palette.h"

#include <QImage>
#include <vector>

namespace app {

/// The cells as `columns` pixels of a time scale, a pixel per bin of `bins`, the highest latencies on top.
QImage heatImage(const std::vector<core::HeatCells>& cells, const core::AxisScale& time, int columns, int bins,
                 core::Theme theme);

} // namespace app
