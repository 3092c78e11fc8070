// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/desktop/widgets/page_colours.h"

#include "app/desktop/widgets/theme_of.h"

namespace app {

namespace {

QColor fromHex(std::string_view hex) {
    return QColor(QString::fromLatin1(hex.data(), static_cast<qsizetype>(hex.size())));
}

} // namespace

QColor problemColour(const QPalette& palette) {
    return fromHex(core::surfaceOf(themeOf(palette)).failed);
}

QColor faintColour(const QPalette& palette) {
    return fromHex(core::surfaceOf(themeOf(palette)).faint);
}

QColor keyColour(const QPalette& palette) {
    return fromHex(core::styleOf(core::SeriesRole::Sent, themeOf(palette)).colour);
}

} // namespace app
