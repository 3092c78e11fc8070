#include "app/desktop/tables/alarm_colour.h"

#include "services/report/palette.h"

#include <QGuiApplication>
#include <QPalette>

namespace app {

QColor alarmColour() {
    const bool dark = QGuiApplication::palette().color(QPalette::Base).lightness() < 128;
    const auto style =
        services::styleOf(services::SeriesRole::Fault, dark ? services::Theme::Dark : services::Theme::Light);
    return QColor(QLatin1String(style.colour.data(), static_cast<qsizetype>(style.colour.size())));
}

} // namespace app
