// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/desktop/charts/live_points.h"

#include <cmath>

namespace app {

std::vector<core::ChartPoint> linePoints(const core::LiveSeries& series, core::Band core::LivePoint::* band) {
    std::vector<core::ChartPoint> points;
    points.reserve(2 * series.size());
    series.forEach([&](const core::LivePoint& point) {
        const core::Band& figure = point.*band;
        if (figure.lowest == figure.highest) {
            points.push_back({point.middle(), figure.value});
            return;
        }
        const double quarter = (point.until - point.from) / 4;
        points.push_back({point.from + quarter, figure.lowest});
        points.push_back({point.until - quarter, figure.highest});
    });
    return points;
}

std::vector<core::ChartPoint> linePoints(const core::LiveSeries& series,
                                         std::optional<std::uint64_t> core::LatencyFigures::* figure) {
    std::vector<core::ChartPoint> points;
    points.reserve(series.size());
    series.forEach([&](const core::LivePoint& point) {
        const auto& micros = point.endToEnd.*figure;
        if (micros) {
            points.push_back({point.middle(), static_cast<double>(*micros) / core::kMicrosPerSecond});
        } else if (point.latency.count() == 0) {
            points.push_back({point.middle(), std::nan("")});
        }
    });
    return points;
}

} // namespace app
