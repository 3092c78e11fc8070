// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/desktop/charts/heat_image.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace app {

namespace {

constexpr std::size_t kColours = 256;

using Colours = std::array<QRgb, kColours>;

Colours coloursOf(core::Theme theme) {
    Colours colours{};
    for (std::size_t i = 0; i < kColours; ++i) {
        const core::Rgb colour = core::heatColour(static_cast<double>(i) / (kColours - 1), theme);
        colours[i] = qRgb(colour.red, colour.green, colour.blue);
    }
    return colours;
}

using Stretches = std::vector<HeatStretch>;

/// Events a second in each bin of [from, until); nothing: no stretch is there.
bool rates(Stretches::const_iterator first, Stretches::const_iterator end, std::array<double, core::kHeatBins>& out) {
    double length = 0;
    out = {};
    for (auto stretch = first; stretch != end; ++stretch) {
        length += stretch->until - stretch->from;
        for (std::size_t bin = 0; bin < core::kHeatBins; ++bin) {
            out[bin] += static_cast<double>(stretch->counts[bin]);
        }
    }
    for (double& rate : out) {
        rate = length > 0 ? rate / length : 0;
    }
    return length > 0;
}

} // namespace

QImage heatImage(const Stretches& stretches, const HeatView& view, double most, core::Theme theme) {
    const auto rows = static_cast<int>(view.endBin - view.firstBin);
    const Colours colours = coloursOf(theme);
    QImage image(view.columns, rows, QImage::Format_RGB32);
    image.fill(colours[0]);
    const double width = (view.until - view.from) / view.columns;
    std::array<double, core::kHeatBins> cell{};
    auto next = stretches.begin();
    for (int column = 0; column < view.columns; ++column) {
        const double from = view.from + column * width;
        next = std::find_if(next, stretches.end(), [&](const HeatStretch& each) { return each.until > from; });
        const auto end =
            std::find_if(next, stretches.end(), [&](const HeatStretch& each) { return each.from >= from + width; });
        if (!rates(next, end, cell)) {
            continue;
        }
        for (int row = 0; row < rows; ++row) {
            const double share = core::heatShare(cell[view.endBin - 1 - static_cast<std::size_t>(row)], most);
            image.setPixel(column, row, colours[static_cast<std::size_t>(std::lround(share * (kColours - 1)))]);
        }
    }
    return image;
}

} // namespace app
