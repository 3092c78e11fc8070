// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/desktop/charts/plot_frame.h"

#include "app/desktop/charts/chart_text.h"
#include "app/desktop/charts/chart_theme.h"

#include <QFontMetricsF>
#include <QPainter>
#include <cmath>

namespace app {

namespace {

constexpr double kTitleGap = 4;
constexpr qreal kShadeOpacity = 0.5;

double across(const QRectF& area, const core::PlotAxis& axis, double value) {
    return area.left() + axis.share(value) * area.width();
}
double up(const QRectF& area, const core::PlotAxis& axis, double value) {
    return area.bottom() - axis.share(value) * area.height();
}
/// Hairlines on the middle of a pixel are sharp.
double sharp(double position) {
    return std::floor(position) + 0.5;
}

QColor faint(core::Theme theme) {
    return colourOf(core::surfaceOf(theme).faint);
}

void paintUpLabels(QPainter& painter, const QRectF& area, const core::PlotAxis& axis, bool right) {
    const double height = QFontMetricsF(painter.font(), painter.device()).height();
    for (const core::AxisTick& tick : axis.ticks) {
        const double y = up(area, axis, tick.value) - height / 2;
        const QRectF box = right ? QRectF(area.right() + kTitleGap, y, 200, height)
                                 : QRectF(area.left() - kTitleGap - 200, y, 200, height);
        const int flags = Qt::AlignVCenter | Qt::TextSingleLine;
        painter.drawText(box, flags | (right ? Qt::AlignLeft : Qt::AlignRight), localText(tick.label));
    }
}

void paintLevel(QPainter& painter, const QRectF& area, const core::Plot& plot, const core::ChartLevel& level,
                core::Theme theme) {
    if (level.y < plot.y.scale.from || level.y > plot.y.scale.until) {
        return;
    }
    const double y = sharp(up(area, plot.y, level.y));
    painter.setPen(penOf(core::styleOf(core::SeriesRole::Limit, theme)));
    painter.drawLine(QPointF(area.left(), y), QPointF(area.right(), y));
    const double height = QFontMetricsF(painter.font(), painter.device()).height();
    const bool below = y - height < area.top(); // in the middle, for marks have their labels nearer to the ends
    painter.drawText(QRectF(area.left(), below ? y : y - height, area.width(), height),
                     Qt::AlignHCenter | Qt::AlignVCenter | Qt::TextSingleLine, QString::fromStdString(level.text));
}

} // namespace

void paintGround(QPainter& painter, const QRectF& area, const core::Plot& plot, core::Theme theme) {
    const core::Surface surface = core::surfaceOf(theme);
    for (const core::ChartShade& shade : plot.shades) {
        const double left = std::max(across(area, plot.x, shade.from), area.left());
        const double right = std::min(across(area, plot.x, shade.until), area.right());
        if (left >= right) {
            continue;
        }
        const QRectF box(left, area.top(), right - left, area.height());
        painter.fillRect(box, colourOf(surface.grid, kShadeOpacity));
        painter.setPen(faint(theme));
        painter.drawText(box.adjusted(kTitleGap, 0, 0, 0), Qt::AlignLeft | Qt::AlignTop | Qt::TextSingleLine,
                         QString::fromStdString(shade.text));
    }
    painter.setPen(QPen(colourOf(surface.grid), 1));
    for (const core::AxisTick& tick : plot.y.ticks) {
        const double y = sharp(up(area, plot.y, tick.value));
        painter.drawLine(QPointF(area.left(), y), QPointF(area.right(), y));
    }
    for (const core::AxisTick& tick : plot.x.ticks) {
        const double x = sharp(across(area, plot.x, tick.value));
        painter.drawLine(QPointF(x, area.top()), QPointF(x, area.bottom()));
    }
}

void paintLabels(QPainter& painter, const QRectF& area, const core::Plot& plot, core::Theme theme) {
    painter.setPen(faint(theme));
    const double bottom = sharp(area.bottom());
    painter.drawLine(QPointF(area.left(), bottom), QPointF(area.right(), bottom));
    paintUpLabels(painter, area, plot.y, false);
    if (plot.right) {
        paintUpLabels(painter, area, *plot.right, true);
    }
    const double height = QFontMetricsF(painter.font(), painter.device()).height();
    for (const core::AxisTick& tick : plot.x.ticks) {
        const double x = across(area, plot.x, tick.value);
        painter.drawText(QRectF(x - 100, area.bottom() + kTitleGap, 200, height),
                         Qt::AlignHCenter | Qt::AlignTop | Qt::TextSingleLine, localText(tick.label));
    }
}

void paintMarks(QPainter& painter, const QRectF& area, const core::Plot& plot, core::Theme theme) {
    const QFontMetricsF metrics(painter.font(), painter.device());
    const auto widthOf = [&metrics](const std::string& label) {
        return kTitleGap + metrics.horizontalAdvance(QString::fromStdString(label));
    };
    for (const core::ChartLevel& level : plot.levels) {
        paintLevel(painter, area, plot, level, theme);
    }
    for (const core::PlacedMark& at : placed(plot.marks, plot.x.scale, area.left(), area.right(), widthOf)) {
        painter.setPen(penOf(core::styleOf(at.mark.role, theme)));
        painter.drawLine(QPointF(sharp(at.x), area.top()), QPointF(sharp(at.x), area.bottom()));
        const double top = area.top() + metrics.height() * static_cast<double>(at.row.value_or(0));
        if (at.row && top + metrics.height() < area.bottom()) {
            const QRectF label(at.labelAt + (at.labelAt < at.x ? 0 : kTitleGap), top,
                               widthOf(at.mark.text) - kTitleGap + 1, metrics.height());
            painter.fillRect(label, colourOf(core::surfaceOf(theme).ground, core::kLabelGround));
            painter.drawText(label, Qt::AlignLeft | Qt::AlignVCenter | Qt::TextSingleLine | Qt::TextDontClip,
                             QString::fromStdString(at.mark.text));
        }
    }
}

void paintCrossHair(QPainter& painter, const QRectF& area, double x, core::Theme theme) {
    painter.setPen(QPen(colourOf(core::surfaceOf(theme).text), 1));
    painter.drawLine(QPointF(sharp(x), area.top()), QPointF(sharp(x), area.bottom()));
}

} // namespace app
