// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/desktop/charts/plot.h"

class QPainter;

namespace app {

/// Fills what is below the lines that have an area, down to the axis. Where the points lie closer than the pixels, the
/// area reaches up to the highest of them.
void paintAreas(QPainter& painter, const QRectF& area, const core::Plot& plot);

} // namespace app
