// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/desktop/charts/plot.h"

#include <QFontMetricsF>
#include <algorithm>
#include <cmath>

namespace app {

namespace {

constexpr double kLabelGap = 6; // pixels between an axis and its labels

/// The widest label of a y axis.
double labelWidth(const QFontMetricsF& metrics) {
    return metrics.horizontalAdvance(QStringLiteral("888.8 MB"));
}

} // namespace

double Plot::Axis::share(double value) const {
    if (logarithmic) {
        return std::log(value / lowest) / std::log(highest / lowest);
    }
    return (value - lowest) / (highest - lowest);
}

QRectF plotArea(const QRectF& whole, const QFont& font) {
    const QFontMetricsF metrics(font);
    const double side = std::ceil(labelWidth(metrics) + kLabelGap);
    const double above = std::ceil(metrics.height()); // the labels of marks
    const double below = std::ceil(metrics.height() + kLabelGap);
    const QRectF area = whole.adjusted(side, above, -side, -below);
    return {area.topLeft(), QSizeF(std::max(area.width(), 1.0), std::max(area.height(), 1.0))};
}

int ticksAcross(const QRectF& area, const QFont& font) {
    const double each = QFontMetricsF(font).horizontalAdvance(QStringLiteral("88:88:88")) * 1.8;
    return std::clamp(static_cast<int>(area.width() / each) + 1, 2, 12);
}

int ticksUp(const QRectF& area, const QFont& font) {
    return std::clamp(static_cast<int>(area.height() / (QFontMetricsF(font).height() * 2)) + 1, 2, 8);
}

} // namespace app
