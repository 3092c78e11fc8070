// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QList>
#include <QPointF>
#include <span>
#include <vector>

namespace app {

/// A stretch of an x axis and how many pixel columns show it.
struct Columns {
    double from = 0, until = 1;
    int count = 1;
};

/// The visible points of a line, at most two a column: its lowest and its highest, in their order, so that no extreme
/// is lost; fewer points than that stay as they are. At the range's ends the line is cut by interpolation. `points` is
/// ordered by x. A y that is not finite, or not above 0 where `positiveOnly`, is a gap; each piece between gaps is a
/// list. Where there are more than kMostPieces, the later ones are joined.
std::vector<QList<QPointF>> decimated(std::span<const QPointF> points, const Columns& columns, bool positiveOnly);

inline constexpr std::size_t kMostPieces = 16;

} // namespace app
