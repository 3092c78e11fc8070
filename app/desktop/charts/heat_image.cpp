// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/desktop/charts/heat_image.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace app {

QImage heatImage(const std::vector<core::HeatCells>& cells, const core::AxisScale& time, int columns, int bins,
                 core::Theme theme) {
    std::array<QRgb, core::kHeatSteps + 1> colours{};
    for (std::size_t i = 0; i < colours.size(); ++i) {
        const core::Rgb colour = core::heatColour(static_cast<double>(i) / core::kHeatSteps, theme);
        colours[i] = qRgb(colour.red, colour.green, colour.blue);
    }
    const auto pixelOf = [&](double at) { return static_cast<int>(std::lround(time.share(at) * columns)); };
    QImage image(columns, bins, QImage::Format_RGB32);
    image.fill(colours[0]);
    for (const core::HeatCells& column : cells) {
        const int from = std::min(pixelOf(column.from), columns - 1);
        const int until = std::max(pixelOf(column.until), from + 1);
        for (int row = 0; row < bins; ++row) {
            const double share = column.shares[static_cast<std::size_t>(bins - 1 - row)];
            auto* const line = reinterpret_cast<QRgb*>(image.scanLine(row));
            std::fill(line + from, line + until,
                      colours[static_cast<std::size_t>(std::lround(share * core::kHeatSteps))]);
        }
    }
    return image;
}

} // namespace app
