// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/desktop/charts/series_figures.h"

#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

namespace app {

std::optional<double> valueAt(std::span<const core::ChartPoint> points, double x) {
    if (points.empty() || x < points.front().x || x > points.back().x) {
        return std::nullopt;
    }
    auto nearest = std::lower_bound(points.begin(), points.end(), x,
                                    [](const core::ChartPoint& p, double at) { return p.x < at; });
    if (nearest != points.begin() && (nearest == points.end() || x - std::prev(nearest)->x < nearest->x - x)) {
        --nearest;
    }
    return std::isfinite(nearest->y) ? std::optional(nearest->y) : std::nullopt;
}

std::optional<double> latestOf(std::span<const core::ChartPoint> points) {
    const auto last =
        std::find_if(points.rbegin(), points.rend(), [](const core::ChartPoint& p) { return std::isfinite(p.y); });
    return last == points.rend() ? std::nullopt : std::optional(last->y);
}

std::optional<SeriesFigures> figuresOf(std::span<const core::ChartPoint> points) {
    struct Weighed {
        double y, seconds;
    };
    std::vector<Weighed> weighed;
    std::optional<SeriesFigures> figures;
    double whole = 0;
    for (std::size_t i = 0; i < points.size(); ++i) {
        if (!std::isfinite(points[i].y)) {
            continue;
        }
        const double before = i > 0 ? points[i].x - points[i - 1].x : 0;
        weighed.push_back({points[i].y, before > 0 ? before : 1e-3}); // a lonely point counts too
        whole += weighed.back().seconds;
        if (!figures || points[i].y > figures->highest.y) {
            figures = SeriesFigures{0, points[i]};
        }
    }
    std::sort(weighed.begin(), weighed.end(), [](const Weighed& a, const Weighed& b) { return a.y < b.y; });
    double below = 0;
    for (const Weighed& each : weighed) {
        below += each.seconds;
        if (below * 2 >= whole) {
            figures->median = each.y;
            break;
        }
    }
    return figures;
}

} // namespace app
