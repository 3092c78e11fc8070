// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QColor>

namespace app {

/// Of a figure that is not well, for the present theme; never the only sign of it.
QColor alarmColour();

} // namespace app
