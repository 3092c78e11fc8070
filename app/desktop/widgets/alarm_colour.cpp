// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/desktop/widgets/alarm_colour.h"

#include "app/desktop/widgets/theme_of.h"

#include <QGuiApplication>
#include <QPalette>

namespace app {

QColor alarmColour() {
    const auto style = core::styleOf(core::SeriesRole::Fault, themeOf(QGuiApplication::palette()));
    return QColor(QLatin1String(style.colour.data(), static_cast<qsizetype>(style.colour.size())));
}

} // namespace app
