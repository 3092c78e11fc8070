// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/desktop/charts/live_points.h"

#include <cmath>

namespace app {

namespace {} // namespace

std::vector<QPointF> linePoints(const core::LiveSeries& series, core::Band core::LivePoint::* band) {
    std::vector<QPointF> points;
    points.reserve(2 * series.size());
    series.forEach([&](const core::LivePoint& point) {
        const core::Band& figure = point.*band;
        if (figure.lowest == figure.highest) {
            points.emplace_back(point.middle(), figure.value);
            return;
        }
        const double quarter = (point.until - point.from) / 4;
        points.emplace_back(point.from + quarter, figure.lowest);
        points.emplace_back(point.until - quarter, figure.highest);
    });
    return points;
}

std::vector<QPointF> linePoints(const core::LiveSeries& series,
                                std::optional<std::uint64_t> core::LatencyFigures::* figure) {
    std::vector<QPointF> points;
    points.reserve(series.size());
    series.forEach([&](const core::LivePoint& point) {
        const auto& micros = point.endToEnd.*figure;
        if (micros) {
            points.emplace_back(point.middle(), static_cast<double>(*micros) / core::kMicrosPerSecond);
        } else if (point.latency.count() == 0) {
            points.emplace_back(point.middle(), std::nan(""));
        }
    });
    return points;
}

std::vector<QPointF> linePoints(const core::LiveSeries& series, double core::LivePoint::* level) {
    std::vector<QPointF> points;
    series.forEach([&](const core::LivePoint& point) { points.emplace_back(point.middle(), point.*level); });
    return points;
}

std::vector<QPointF> memoryPoints(const core::LiveSeries& series) {
    std::vector<QPointF> points;
    series.forEach([&](const core::LivePoint& point) {
        points.emplace_back(point.middle(), static_cast<double>(point.residentSet.count));
    });
    return points;
}

} // namespace app
