// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/chart/plot.h"

#include <QRectF>

class QFont;

namespace app {

/// Where in `whole` the lines are. The margins depend on the font alone, so charts of one width under each other line
/// up and the area stays where it is when the figures grow.
QRectF plotArea(const QRectF& whole, const QFont& font);

/// How many columns of data are told apart: a line a pixel and a half wide shows no more than one in two pixels, and
/// half the points are drawn in half the time.
std::size_t columnsAcross(const QRectF& area);

/// How many ticks with labels there is room for.
int ticksAcross(const QRectF& area, const QFont& font);
int ticksUp(const QRectF& area, const QFont& font);

} // namespace app
