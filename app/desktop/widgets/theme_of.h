// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/chart/palette.h"

class QPalette;

namespace app {

/// Qt before 6.5 does not say which scheme is on; the window's own lightness does.
core::Theme themeOf(const QPalette& palette);

} // namespace app
