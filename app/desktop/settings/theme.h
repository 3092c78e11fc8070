// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/desktop/settings/settings.h"

#include <QApplication>

namespace app {

/// Light and Dark: the style Fusion in the report's colours, for Qt 6.4's native styles cannot be told which one to
/// show. System: the desktop's own style and colours, as they were when the program began.
void applyTheme(QApplication& application, ThemeChoice theme);

} // namespace app
