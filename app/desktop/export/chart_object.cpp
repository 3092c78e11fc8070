// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/desktop/export/chart_object.h"

#include <QPainter>
#include <QSvgRenderer>
#include <QTextDocument>

namespace app {
namespace {

constexpr int kSvg = QTextFormat::UserProperty + 1;

QByteArray svgOf(const QTextFormat& format) {
    return format.property(kSvg).toByteArray();
}

} // namespace

QTextCharFormat ChartObject::formatOf(const QByteArray& svg) {
    QTextCharFormat format;
    format.setObjectType(kType);
    format.setProperty(kSvg, svg);
    return format;
}

/// QTextDocument::print() leaves 2 cm of A4's 21 cm free on either side; the document asks before it has them.
QSizeF ChartObject::intrinsicSize(QTextDocument* document, int, const QTextFormat& format) {
    constexpr double kTextShare = 16.9 / 21;
    const QSizeF size = QSvgRenderer(svgOf(format)).defaultSize();
    return size.isEmpty() ? size : size * (document->pageSize().width() * kTextShare / size.width());
}

void ChartObject::drawObject(QPainter* painter, const QRectF& place, QTextDocument*, int, const QTextFormat& format) {
    QSvgRenderer(svgOf(format)).render(painter, place);
}

} // namespace app
