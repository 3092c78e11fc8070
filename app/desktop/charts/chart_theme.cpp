// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/desktop/charts/chart_theme.h"

#include <QLatin1String>

namespace app {

QColor colourOf(std::string_view colour, qreal opacity) {
    QColor created = QColor::fromString(QLatin1String(colour.data(), static_cast<qsizetype>(colour.size())));
    created.setAlphaF(static_cast<float>(opacity));
    return created;
}

QColor colourOf(core::Rgb colour) {
    return {colour.red, colour.green, colour.blue};
}

QPen penOf(const core::SeriesStyle& style) {
    QPen pen(colourOf(style.colour), style.width);
    pen.setJoinStyle(Qt::BevelJoin);
    pen.setCapStyle(Qt::FlatCap);
    if (style.dash.front() > 0) {
        pen.setDashPattern(QList<qreal>(style.dash.begin(), style.dash.end()));
    }
    return pen;
}

} // namespace app
