// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QColor>
#include <QPalette>

/// The page's few colours, for a light and for a dark desktop.
namespace app {

QColor problemColour(const QPalette& palette); ///< what is wrong; a word or a sign stands beside it
QColor faintColour(const QPalette& palette);   ///< comments and line numbers
QColor keyColour(const QPalette& palette);     ///< keys of the YAML text

} // namespace app
