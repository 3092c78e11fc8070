#pragma once

#include "services/report/palette.h"

#include <QColor>
#include <QPalette>
#include <QPen>

namespace app {

/// Qt before 6.5 does not say which scheme is on; the window's own lightness does.
services::Theme themeOf(const QPalette& palette);

QColor colourOf(std::string_view colour, qreal opacity = 1); ///< #rrggbb
QColor colourOf(services::Rgb colour);
QPen penOf(const services::SeriesStyle& style);

} // namespace app
