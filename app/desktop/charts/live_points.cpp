// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/desktop/charts/live_points.h"

#include <algorithm>
#include <cmath>

namespace app {

namespace {

constexpr double kEdge = 0.6; // seconds: a longer bin is a step

} // namespace

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

std::vector<core::ChartPoint> linePoints(std::span<const core::LatencyBin> bins,
                                         std::optional<std::uint64_t> core::LatencyFigures::* figure) {
    std::vector<core::ChartPoint> points;
    points.reserve(2 * bins.size());
    double end = bins.empty() ? 0 : bins.front().from;
    for (const core::LatencyBin& bin : bins) {
        constexpr double kBreak = 1e-6; // seconds
        if (bin.from - end > kBreak) {
            points.push_back({(end + bin.from) / 2, std::nan("")});
        }
        end = bin.until;
        const auto& micros = bin.figures.*figure;
        const double value = micros ? static_cast<double>(*micros) / core::kMicrosPerSecond : std::nan("");
        const double edge = std::min((bin.until - bin.from) / 2, kEdge);
        points.push_back({bin.from + edge, value});
        if (bin.until - bin.from > 2 * kEdge) {
            points.push_back({bin.until - edge, value});
        }
    }
    return points;
}

} // namespace app
