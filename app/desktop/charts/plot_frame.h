// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/desktop/charts/plot.h"

class QPainter;

namespace app {

/// What stands around and behind a plot's lines, and what lies over them.
void paintGround(QPainter& painter, const QRectF& area, const core::Plot& plot, core::Theme theme); ///< shades, grid
void paintLabels(QPainter& painter, const QRectF& area, const core::Plot& plot, core::Theme theme); ///< of the axes
void paintMarks(QPainter& painter, const QRectF& area, const core::Plot& plot, core::Theme theme);  ///< marks, limits

/// The cross-hair at `x`, in pixels.
void paintCrossHair(QPainter& painter, const QRectF& area, double x, core::Theme theme);

} // namespace app
