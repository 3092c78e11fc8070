// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/desktop/charts/plot_areas.h"

#include "app/desktop/charts/chart_theme.h"

#include <QPaintEngine>
#include <QPainter>
#include <QPolygonF>
#include <algorithm>
#include <cmath>

namespace app {

namespace {

constexpr qreal kOpacity = 0.25;
constexpr double kColumn = 4;    // pixels
constexpr qsizetype kStrip = 16; // points

/// The highest point of each column, from the left to the right.
QPolygonF roofOf(const std::vector<core::ChartPoint>& piece, const QRectF& area, const core::PlotAxis& x,
                 const core::PlotAxis& y) {
    QPolygonF roof;
    double column = -1;
    for (const core::ChartPoint& point : piece) {
        const QPointF pixel(area.left() + x.share(point.x) * area.width(),
                            area.bottom() - y.share(point.y) * area.height());
        const double its = std::floor(pixel.x() / kColumn);
        if (its == column) {
            roof.back().setY(std::min(roof.back().y(), pixel.y()));
        } else {
            roof.push_back(pixel);
        }
        column = its;
    }
    return roof;
}

/// A polygon takes Qt's rasterizer a time that grows with the square of its corners: in strips it is filled in a
/// fraction of the time. In a picture made of shapes the seams between them would show.
qsizetype stripFor(const QPainter& painter, const QPolygonF& roof) {
    return painter.paintEngine()->type() == QPaintEngine::Raster ? kStrip : roof.size();
}

void paintBelow(QPainter& painter, const QPolygonF& roof, double floor) {
    const qsizetype strip = stripFor(painter, roof);
    for (qsizetype i = 0; i + 1 < roof.size(); i += strip) {
        QPolygonF polygon = roof.mid(i, strip + 1);
        polygon << QPointF(polygon.back().x(), floor) << QPointF(polygon.front().x(), floor);
        painter.drawPolygon(polygon);
    }
}

} // namespace

void paintAreas(QPainter& painter, const QRectF& area, const core::Plot& plot) {
    painter.save();
    painter.setPen(Qt::NoPen);
    painter.setRenderHint(QPainter::Antialiasing, false); // strips meet without seams; the line covers the edge
    for (const core::PlotLine& line : plot.lines) {
        if (!line.style.area) {
            continue;
        }
        painter.setBrush(colourOf(line.style.colour, kOpacity));
        for (const std::vector<core::ChartPoint>& piece : line.pieces) {
            paintBelow(painter, roofOf(piece, area, plot.x, plot.yOf(line)), area.bottom());
        }
    }
    painter.restore();
}

} // namespace app
