// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/desktop/widgets/theme_of.h"

#include <QPalette>

namespace app {

core::Theme themeOf(const QPalette& palette) {
    return palette.color(QPalette::Window).lightnessF() < palette.color(QPalette::WindowText).lightnessF()
               ? core::Theme::Dark
               : core::Theme::Light;
}

} // namespace app
