// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/desktop/shell/themed_icon.h"

#include <QFile>
#include <QPainter>
#include <QPixmap>
#include <QSvgRenderer>

/// The drawings lie in a static library, which the linker would leave out.
static void takeIconsAlong() {
    Q_INIT_RESOURCE(icons);
}

namespace app {

namespace {

constexpr int kIconSize = 24; // points
constexpr int kDensity = 3;   // pixels a point, enough for today's screens
const QByteArray kDrawnIn = QByteArrayLiteral("#1c1c1c");

QPixmap drawn(const QByteArray& svg, const QColor& colour) {
    QByteArray coloured = svg;
    coloured.replace(kDrawnIn, colour.name().toLatin1());
    QSvgRenderer renderer(coloured);
    QPixmap pixmap(kIconSize * kDensity, kIconSize * kDensity);
    pixmap.fill(Qt::transparent);
    QPainter painter(&pixmap);
    renderer.render(&painter);
    return pixmap;
}

} // namespace

QIcon programIcon() {
    takeIconsAlong();
    return QIcon(QStringLiteral(":/icons/millrace.svg"));
}

QIcon themedIcon(const QString& name, const QPalette& palette) {
    takeIconsAlong();
    QFile file(QStringLiteral(":/icons/%1.svg").arg(name));
    if (!file.open(QIODevice::ReadOnly)) {
        return {};
    }
    const QByteArray svg = file.readAll();
    QIcon icon(drawn(svg, palette.color(QPalette::Text)));
    icon.addPixmap(drawn(svg, palette.color(QPalette::HighlightedText)), QIcon::Selected);
    return icon;
}

} // namespace app
