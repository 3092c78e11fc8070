// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/desktop/widgets/theme_of.h"

#include <QColor>
#include <QPalette>
#include <QPen>

namespace app {

QColor colourOf(std::string_view colour, qreal opacity = 1); ///< #rrggbb
QColor colourOf(services::Rgb colour);
QPen penOf(const services::SeriesStyle& style);

} // namespace app
