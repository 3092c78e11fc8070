// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/desktop/charts/decimation.h"

#include <algorithm>
#include <cmath>
#include <iterator>

namespace app {

namespace {

bool before(const QPointF& point, double x) {
    return point.x() < x;
}

/// The points within the range and one more on either side, for the line that enters and leaves it.
std::span<const QPointF> visible(std::span<const QPointF> points, const Columns& columns) {
    auto first = std::lower_bound(points.begin(), points.end(), columns.from, before);
    auto last = std::lower_bound(first, points.end(), columns.until, before);
    if (first != points.begin()) {
        --first;
    }
    // Past all points at the very end: a leap there has two of one x.
    while (last != points.end() && last->x() <= columns.until) {
        ++last;
    }
    if (last != points.end()) {
        ++last;
    }
    return {first, last};
}

QPointF between(const QPointF& a, const QPointF& b, double x) {
    const double share = b.x() > a.x() ? (x - a.x()) / (b.x() - a.x()) : 0;
    return {x, a.y() + (b.y() - a.y()) * share};
}

/// Cuts a piece at the range's ends.
QList<QPointF> cut(QList<QPointF> piece, const Columns& columns) {
    if (piece.size() > 1 && piece.front().x() < columns.from) {
        piece.front() = between(piece[0], piece[1], columns.from);
    }
    if (piece.size() > 1 && piece.back().x() > columns.until) {
        piece.back() = between(piece[piece.size() - 2], piece.back(), columns.until);
    }
    if (piece.size() == 1 && (piece.front().x() < columns.from || piece.front().x() > columns.until)) {
        piece.clear();
    }
    return piece;
}

QList<QPointF> thinned(const QList<QPointF>& piece, const Columns& columns) {
    if (piece.size() <= 2 * columns.count) {
        return piece;
    }
    const double width = (columns.until - columns.from) / columns.count;
    const auto columnOf = [&](const QPointF& point) {
        return std::clamp(static_cast<int>((point.x() - columns.from) / width), 0, columns.count - 1);
    };
    const auto lower = [](const QPointF& a, const QPointF& b) { return a.y() < b.y(); };
    QList<QPointF> kept;
    kept.reserve(2 * columns.count);
    for (auto first = piece.begin(); first != piece.end();) {
        const int column = columnOf(*first);
        const auto end = std::find_if(first, piece.end(), [&](const QPointF& p) { return columnOf(p) != column; });
        const auto [lowest, highest] = std::minmax_element(first, end, lower);
        kept.push_back(std::min(lowest, highest) == lowest ? *lowest : *highest);
        if (lowest != highest) {
            kept.push_back(std::min(lowest, highest) == lowest ? *highest : *lowest);
        }
        first = end;
    }
    return kept;
}

} // namespace

std::vector<QList<QPointF>> decimated(std::span<const QPointF> points, const Columns& columns, bool positiveOnly) {
    const auto drawable = [positiveOnly](const QPointF& point) {
        return std::isfinite(point.y()) && (!positiveOnly || point.y() > 0);
    };
    std::vector<QList<QPointF>> pieces;
    bool open = false;
    for (const QPointF& point : visible(points, columns)) {
        if (!drawable(point)) {
            open = false;
            continue;
        }
        if (!open && (pieces.empty() || pieces.size() < kMostPieces)) {
            pieces.emplace_back();
        }
        open = true;
        pieces.back().push_back(point);
    }
    for (QList<QPointF>& piece : pieces) {
        piece = thinned(cut(std::move(piece), columns), columns);
    }
    std::erase_if(pieces, [](const QList<QPointF>& piece) { return piece.isEmpty(); });
    return pieces;
}

} // namespace app
