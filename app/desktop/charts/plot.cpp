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

QRectF plotArea(const QRectF& whole, const QFont& font) {
    const QFontMetricsF metrics(font);
    const double side = std::ceil(labelWidth(metrics) + kLabelGap);
    const double above = std::ceil(metrics.height() / 2); // half of the highest label
    const double below = std::ceil(metrics.height() + kLabelGap);
    const QRectF area = whole.adjusted(side, above, -side, -below);
    return {area.topLeft(), QSizeF(std::max(area.width(), 1.0), std::max(area.height(), 1.0))};
}

std::size_t columnsAcross(const QRectF& area) {
    return static_cast<std::size_t>(std::max(1.0, area.width() / 2));
}

int ticksAcross(const QRectF& area, const QFont& font) {
    const double each = QFontMetricsF(font).horizontalAdvance(QStringLiteral("88:88:88")) * 1.8;
    return std::clamp(static_cast<int>(area.width() / each) + 1, 2, 12);
}

int ticksUp(const QRectF& area, const QFont& font) {
    return std::clamp(static_cast<int>(area.height() / (QFontMetricsF(font).height() * 2)) + 1, 2, 8);
}

} // namespace app
