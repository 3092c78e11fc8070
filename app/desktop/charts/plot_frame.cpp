// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/desktop/charts/plot_frame.h"

#include "app/desktop/charts/chart_theme.h"

#include <QFontMetricsF>
#include <QPainter>
#include <cmath>

namespace app {

namespace {

constexpr double kTitleGap = 4;
constexpr qreal kShadeOpacity = 0.5;

double across(const QRectF& area, const Plot::Axis& axis, double value) {
    return area.left() + axis.share(value) * area.width();
}
double up(const QRectF& area, const Plot::Axis& axis, double value) {
    return area.bottom() - axis.share(value) * area.height();
}
/// Hairlines on the middle of a pixel are sharp.
double sharp(double position) {
    return std::floor(position) + 0.5;
}

QColor faint(core::Theme theme) {
    return colourOf(core::surfaceOf(theme).faint);
}

void paintUpLabels(QPainter& painter, const QRectF& area, const Plot::Axis& axis, bool right) {
    const double height = QFontMetricsF(painter.font(), painter.device()).height();
    for (const Plot::Tick& tick : axis.ticks) {
        const double y = up(area, axis, tick.value) - height / 2;
        const QRectF box = right ? QRectF(area.right() + kTitleGap, y, 200, height)
                                 : QRectF(area.left() - kTitleGap - 200, y, 200, height);
        painter.drawText(box, (right ? Qt::AlignLeft : Qt::AlignRight) | Qt::AlignVCenter | Qt::TextSingleLine,
                         tick.label);
    }
}

/// Above the area; a label that would run into the one before is left out, its line stays.
void paintUprightLabels(QPainter& painter, const QRectF& area, const Plot& plot) {
    const QFontMetricsF metrics(painter.font(), painter.device());
    double free = area.left();
    for (const Plot::Upright& upright : plot.uprights) {
        const double at = across(area, plot.x, upright.at);
        const double width = metrics.horizontalAdvance(upright.label);
        const double left = std::min(at + 2, area.right() - width);
        if (upright.label.isEmpty() || at < area.left() || at > area.right() || left < free) {
            continue;
        }
        painter.drawText(QRectF(left, area.top() - metrics.height(), width + 1, metrics.height()),
                         Qt::AlignLeft | Qt::AlignVCenter | Qt::TextSingleLine, upright.label);
        free = left + width + 2 * kTitleGap;
    }
}

void paintLimit(QPainter& painter, const QRectF& area, const Plot& plot, core::Theme theme) {
    const double y = sharp(up(area, plot.y, plot.limit->at));
    if (y < area.top() || y > area.bottom() + 1) {
        return;
    }
    const core::SeriesStyle style = core::styleOf(core::SeriesRole::Limit, theme);
    painter.setPen(penOf(style));
    painter.drawLine(QPointF(area.left(), y), QPointF(area.right(), y));
    const double height = QFontMetricsF(painter.font(), painter.device()).height();
    const bool below = y - height < area.top();
    painter.drawText(QRectF(area.left(), below ? y : y - height, area.width() - kTitleGap, height),
                     Qt::AlignRight | Qt::AlignVCenter | Qt::TextSingleLine, plot.limit->label);
}

} // namespace

void paintGround(QPainter& painter, const QRectF& area, const Plot& plot, core::Theme theme) {
    const core::Surface surface = core::surfaceOf(theme);
    for (const Plot::Shade& shade : plot.shades) {
        const double left = std::max(across(area, plot.x, shade.from), area.left());
        const double right = std::min(across(area, plot.x, shade.until), area.right());
        if (left >= right) {
            continue;
        }
        const QRectF box(left, area.top(), right - left, area.height());
        painter.fillRect(box, colourOf(surface.grid, kShadeOpacity));
        painter.setPen(faint(theme));
        painter.drawText(box.adjusted(kTitleGap, 0, 0, 0), Qt::AlignLeft | Qt::AlignTop | Qt::TextSingleLine,
                         shade.label);
    }
    painter.setPen(QPen(colourOf(surface.grid), 1));
    for (const Plot::Tick& tick : plot.y.ticks) {
        const double y = sharp(up(area, plot.y, tick.value));
        painter.drawLine(QPointF(area.left(), y), QPointF(area.right(), y));
    }
    for (const Plot::Tick& tick : plot.x.ticks) {
        const double x = sharp(across(area, plot.x, tick.value));
        painter.drawLine(QPointF(x, area.top()), QPointF(x, area.bottom()));
    }
}

void paintLabels(QPainter& painter, const QRectF& area, const Plot& plot, core::Theme theme) {
    painter.setPen(faint(theme));
    const double bottom = sharp(area.bottom());
    painter.drawLine(QPointF(area.left(), bottom), QPointF(area.right(), bottom));
    paintUpLabels(painter, area, plot.y, false);
    if (plot.second) {
        paintUpLabels(painter, area, *plot.second, true);
    }
    const double height = QFontMetricsF(painter.font(), painter.device()).height();
    for (const Plot::Tick& tick : plot.x.ticks) {
        const double x = across(area, plot.x, tick.value);
        painter.drawText(QRectF(x - 100, area.bottom() + kTitleGap, 200, height),
                         Qt::AlignHCenter | Qt::AlignTop | Qt::TextSingleLine, tick.label);
    }
}

void paintMarks(QPainter& painter, const QRectF& area, const Plot& plot, core::Theme theme) {
    for (const Plot::Upright& upright : plot.uprights) {
        const double x = sharp(across(area, plot.x, upright.at));
        if (x < area.left() || x > area.right() + 1) {
            continue;
        }
        painter.setPen(penOf(core::styleOf(upright.role, theme)));
        painter.drawLine(QPointF(x, area.top()), QPointF(x, area.bottom()));
    }
    painter.setPen(faint(theme));
    paintUprightLabels(painter, area, plot);
    if (plot.limit) {
        paintLimit(painter, area, plot, theme);
    }
}

void paintCrossHair(QPainter& painter, const QRectF& area, double x, core::Theme theme) {
    painter.setPen(QPen(colourOf(core::surfaceOf(theme).text), 1));
    painter.drawLine(QPointF(sharp(x), area.top()), QPointF(sharp(x), area.bottom()));
}

} // namespace app
