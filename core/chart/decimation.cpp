// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/chart/decimation.h"

#include <algorithm>
#include <cmath>
#include <iterator>

namespace core {

namespace {

using Piece = std::vector<ChartPoint>;

bool before(const ChartPoint& point, double x) {
    return point.x < x;
}

/// The points within the scale and one more on either side, for the line that enters and leaves it.
std::span<const ChartPoint> visible(std::span<const ChartPoint> points, const AxisScale& scale) {
    auto first = std::lower_bound(points.begin(), points.end(), scale.from, before);
    auto last = std::lower_bound(first, points.end(), scale.until, before);
    if (first != points.begin()) {
        --first;
    }
    // Past all points at the very end: a leap there has two of one x.
    while (last != points.end() && last->x <= scale.until) {
        ++last;
    }
    if (last != points.end()) {
        ++last;
    }
    return {first, last};
}

ChartPoint between(const ChartPoint& a, const ChartPoint& b, double x) {
    const double share = b.x > a.x ? (x - a.x) / (b.x - a.x) : 0;
    return {x, a.y + (b.y - a.y) * share};
}

/// Cuts a piece at the scale's ends.
Piece cut(Piece piece, const AxisScale& scale) {
    if (piece.size() > 1 && piece.front().x < scale.from) {
        piece.front() = between(piece[0], piece[1], scale.from);
    }
    if (piece.size() > 1 && piece.back().x > scale.until) {
        piece.back() = between(piece[piece.size() - 2], piece.back(), scale.until);
    }
    if (piece.size() == 1 && (piece.front().x < scale.from || piece.front().x > scale.until)) {
        piece.clear();
    }
    return piece;
}

Piece thinned(Piece piece, const AxisScale& scale, std::size_t columns) {
    if (piece.size() <= 2 * columns) {
        return piece;
    }
    const auto columnOf = [&](const ChartPoint& point) {
        return std::min(static_cast<std::size_t>(scale.share(point.x) * static_cast<double>(columns)), columns - 1);
    };
    const auto lower = [](const ChartPoint& a, const ChartPoint& b) { return a.y < b.y; };
    Piece kept;
    kept.reserve(2 * columns);
    for (auto first = piece.begin(); first != piece.end();) {
        const std::size_t column = columnOf(*first);
        const auto end = std::find_if(first, piece.end(), [&](const ChartPoint& p) { return columnOf(p) != column; });
        const auto [lowest, highest] = std::minmax_element(first, end, lower);
        kept.push_back(*std::min(lowest, highest));
        if (lowest != highest) {
            kept.push_back(*std::max(lowest, highest));
        }
        first = end;
    }
    return kept;
}

} // namespace

std::vector<std::vector<ChartPoint>> decimated(std::span<const ChartPoint> points, const AxisScale& scale,
                                               std::size_t columns, bool positiveOnly) {
    const auto drawable = [positiveOnly](const ChartPoint& point) {
        return std::isfinite(point.y) && (!positiveOnly || point.y > 0);
    };
    std::vector<Piece> pieces;
    bool open = false;
    for (const ChartPoint& point : visible(points, scale)) {
        if (!drawable(point)) {
            open = false;
            continue;
        }
        if (!open) {
            pieces.emplace_back();
        }
        open = true;
        pieces.back().push_back(point);
    }
    for (Piece& piece : pieces) {
        piece = thinned(cut(std::move(piece), scale), scale, columns);
    }
    std::erase_if(pieces, [](const Piece& piece) { return piece.empty(); });
    return pieces;
}

} // namespace core
