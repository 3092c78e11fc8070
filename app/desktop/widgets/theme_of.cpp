// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/desktop/widgets/theme_of.h"

#include <QPalette>

namespace app {

services::Theme themeOf(const QPalette& palette) {
    return palette.color(QPalette::Window).lightnessF() < palette.color(QPalette::WindowText).lightnessF()
               ? services::Theme::Dark
               : services::Theme::Light;
}

} // namespace app
