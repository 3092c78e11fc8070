// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/desktop/widgets/theme_of.h"

#include <QColor>
#include <QPalette>
#include <QPen>

namespace app {

QColor colourOf(std::string_view colour, qreal opacity = 1); ///< #rrggbb
QColor colourOf(core::Rgb colour);
QPen penOf(const core::SeriesStyle& style);

} // namespace app
