// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/desktop/charts/plot_canvas.h"

#include "app/desktop/charts/chart_theme.h"
#include "app/desktop/charts/plot.h"
#include "app/desktop/charts/plot_frame.h"

#include <QPainter>
#include <utility>

namespace app {

PlotCanvas::PlotCanvas(Paint paint, QWidget* parent) : QWidget(parent), m_paint(std::move(paint)) {
    setAttribute(Qt::WA_OpaquePaintEvent); // the picture covers all of it
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Expanding);
}

void PlotCanvas::repaintPlot() {
    m_stale = true;
    update();
}

void PlotCanvas::setCrossHair(std::optional<double> share) {
    if (share == m_crossHair) {
        return;
    }
    m_crossHair = share;
    update();
}

QRectF PlotCanvas::area() const {
    return plotArea(QRectF(rect()), font());
}

QSize PlotCanvas::sizeHint() const {
    return {640, 180};
}

QSize PlotCanvas::minimumSizeHint() const {
    return {240, 90};
}

void PlotCanvas::paintEvent(QPaintEvent* /*event*/) {
    const QSize pixels = size() * devicePixelRatioF();
    if (m_picture.size() != pixels || m_picture.devicePixelRatio() != devicePixelRatioF()) {
        m_picture = QPixmap(pixels);
        m_picture.setDevicePixelRatio(devicePixelRatioF());
        m_stale = true;
    }
    if (m_stale) {
        m_stale = false;
        QPainter painter(&m_picture);
        painter.setFont(font());
        m_paint(painter, QRectF(rect()));
    }
    QPainter painter(this);
    painter.drawPixmap(0, 0, m_picture);
    if (m_crossHair) {
        paintCrossHair(painter, area(), area().left() + *m_crossHair * area().width(), themeOf(palette()));
    }
}

} // namespace app
