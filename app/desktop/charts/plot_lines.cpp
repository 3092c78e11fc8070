// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/desktop/charts/plot_lines.h"

#include "app/desktop/charts/chart_theme.h"

#include <QChart>
#include <QGraphicsScene>
#include <QLineSeries>
#include <QPainter>
#include <QValueAxis>
#include <algorithm>
#include <utility>

namespace app {

namespace {

constexpr double kDot = 4;      // pixels: a lonely point is drawn as a dash of this length
constexpr double kMostInk = 2;  // widths of the plot, see isCrowded()
constexpr double kLeastGap = 4; // pixels
constexpr std::size_t kMostPieces = 16;

/// In pixels from the bottom left. The chart's own axes stay as they are then: when one of Qt's changes its range,
/// every series works out its geometry again, which costs more than drawing it; and there is no log axis to hide a
/// whole series for one value.
QList<QPointF> inPixels(const std::vector<core::ChartPoint>& piece, const core::PlotAxis& x, const core::PlotAxis& y,
                        const QSizeF& size) {
    QList<QPointF> pixels;
    pixels.reserve(std::max(static_cast<qsizetype>(piece.size()), qsizetype{2}));
    for (const core::ChartPoint& point : piece) {
        pixels.emplace_back(x.share(point.x) * size.width(), y.share(point.y) * size.height());
    }
    if (pixels.size() == 1) {
        pixels.push_back(pixels.front() + QPointF(kDot / 2, 0));
        pixels.front() -= QPointF(kDot / 2, 0);
    }
    return pixels;
}

/// Whether a line has many points for the plot's width, or goes up and down all the way: thick, it would be a blot. One
/// of many pieces counts too, for each would be a series of its own.
bool isCrowded(const std::vector<QList<QPointF>>& pieces, double width) {
    double length = 0;
    qsizetype points = 0;
    for (const QList<QPointF>& piece : pieces) {
        points += piece.size();
        for (qsizetype i = 1; i < piece.size(); ++i) {
            length += (piece[i] - piece[i - 1]).manhattanLength();
        }
    }
    return pieces.size() > kMostPieces || length > kMostInk * width || static_cast<double>(points) * kLeastGap > width;
}

/// A crowded line is a pixel of the device wide: that is drawn without an outline.
QPen penFor(core::SeriesStyle style, bool crowded, qreal pixel) {
    if (crowded) {
        for (double& length : style.dash) {
            length *= style.width / pixel;
        }
        style.width = pixel;
    }
    return penOf(style);
}

} // namespace

/// A crowded line: Qt Charts works out an outline of each line for its own purposes, which takes longer than to draw it
/// the more points there are, so such a line is drawn without it.
struct PlotLines::Crowded {
    QPen pen;
    std::vector<QList<QPointF>> pieces; // as inPixels()
};

struct PlotLines::Chart {
    QGraphicsScene scene;
    QChart* chart = nullptr;
    QValueAxis *x = nullptr, *y = nullptr;
    std::vector<std::vector<QLineSeries*>> lines; // one for each piece of a line
    std::vector<Crowded> crowded;

    Chart();
    void resize(const QSizeF& size);
    void fill(const core::Plot& plot, qreal pixel);
    void fill(std::vector<QLineSeries*>& pieces, const core::PlotLine& line, const core::Plot& plot, qreal pixel);
    QLineSeries* newSeries();
};

PlotLines::Chart::Chart() {
    scene.setItemIndexMethod(QGraphicsScene::NoIndex);
    chart = new QChart;
    chart->setAnimationOptions(QChart::NoAnimation);
    chart->setBackgroundVisible(false);
    chart->legend()->hide();
    chart->setMargins({});
    scene.addItem(chart);
    x = new QValueAxis;
    y = new QValueAxis;
    x->setVisible(false);
    y->setVisible(false);
    chart->addAxis(x, Qt::AlignBottom);
    chart->addAxis(y, Qt::AlignLeft);
}

void PlotLines::Chart::resize(const QSizeF& size) {
    if (chart->size() == size) {
        return;
    }
    const QRectF whole(QPointF{}, size);
    chart->resize(size);
    chart->setPlotArea(whole);
    scene.setSceneRect(whole);
    x->setRange(0, size.width());
    y->setRange(0, size.height());
}

void PlotLines::Chart::fill(const core::Plot& plot, qreal pixel) {
    if (lines.size() != plot.lines.size()) {
        chart->removeAllSeries();
        lines.assign(plot.lines.size(), {});
    }
    crowded.clear();
    for (std::size_t i = 0; i < lines.size(); ++i) {
        fill(lines[i], plot.lines[i], plot, pixel);
    }
}

void PlotLines::Chart::fill(std::vector<QLineSeries*>& pieces, const core::PlotLine& line, const core::Plot& plot,
                            qreal pixel) {
    std::vector<QList<QPointF>> drawn;
    for (const auto& piece : line.pieces) {
        drawn.push_back(inPixels(piece, plot.x, plot.yOf(line), chart->size()));
    }
    const bool isTooMuch = isCrowded(drawn, chart->size().width());
    const QPen pen = penFor(line.style, isTooMuch, pixel);
    if (isTooMuch) {
        crowded.push_back({pen, std::exchange(drawn, {})});
    }
    while (pieces.size() < drawn.size()) {
        pieces.push_back(newSeries());
    }
    drawn.resize(pieces.size());
    for (std::size_t i = 0; i < pieces.size(); ++i) {
        if (pieces[i]->pen() != pen) {
            pieces[i]->setPen(pen);
        }
        if (!drawn[i].isEmpty() || pieces[i]->count() > 0) {
            pieces[i]->replace(drawn[i]);
        }
    }
}

QLineSeries* PlotLines::Chart::newSeries() {
    auto* const series = new QLineSeries;
    chart->addSeries(series);
    series->attachAxis(x);
    series->attachAxis(y);
    return series;
}

PlotLines::PlotLines() : m_chart(std::make_unique<Chart>()) {}

PlotLines::~PlotLines() = default;

void PlotLines::paint(QPainter& painter, const QRectF& area, const core::Plot& plot) {
    m_chart->resize(area.size());
    m_chart->fill(plot, 1 / painter.device()->devicePixelRatioF());
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    m_chart->scene.render(&painter, area, QRectF(QPointF{}, area.size()), Qt::IgnoreAspectRatio);
    painter.setClipRect(area, Qt::IntersectClip);
    for (const Crowded& line : m_chart->crowded) {
        painter.setPen(line.pen);
        for (QList<QPointF> piece : line.pieces) {
            for (QPointF& point : piece) {
                point = {area.left() + point.x(), area.bottom() - point.y()};
            }
            painter.drawPolyline(piece);
        }
    }
    painter.restore();
}

} // namespace app
