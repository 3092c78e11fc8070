// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/desktop/pages/logs/level_colours.h"

#include "app/desktop/widgets/page_colours.h"
#include "app/desktop/widgets/theme_of.h"

namespace app {

LevelGroup groupOf(std::string_view level) {
    if (level == "ERROR" || level == "FATAL") {
        return LevelGroup::Errors;
    }
    if (level == "WARN") {
        return LevelGroup::Warnings;
    }
    return level == "DEBUG" || level == "TRACE" ? LevelGroup::Details : LevelGroup::Info;
}

QString nameOf(LevelGroup group) {
    switch (group) {
    case LevelGroup::Errors:
        return QStringLiteral("ERROR, FATAL");
    case LevelGroup::Warnings:
        return QStringLiteral("WARN");
    case LevelGroup::Info:
        return QStringLiteral("INFO");
    case LevelGroup::Details:
        return QStringLiteral("DEBUG, TRACE");
    }
    Q_UNREACHABLE();
}

QColor levelColour(std::string_view level, const QPalette& palette) {
    switch (groupOf(level)) {
    case LevelGroup::Errors:
        return problemColour(palette);
    case LevelGroup::Warnings: // the amber of areas, dark enough for text
        return themeOf(palette) == core::Theme::Light ? QColor(0x7a, 0x52, 0x00) : QColor(0xe6, 0x9f, 0x00);
    case LevelGroup::Info:
        return {};
    case LevelGroup::Details:
        return faintColour(palette);
    }
    Q_UNREACHABLE();
}

core::SeriesStyle styleOf(LevelGroup group, core::Theme theme) {
    switch (group) {
    case LevelGroup::Errors:
        return core::styleOf(core::SeriesRole::Fault, theme);
    case LevelGroup::Warnings:
        return core::styleOf(core::SeriesRole::Backlog, theme);
    case LevelGroup::Info:
        return core::styleOf(core::SeriesRole::Sent, theme);
    case LevelGroup::Details:
        return core::styleOf(core::SeriesRole::Mark, theme);
    }
    Q_UNREACHABLE();
}

} // namespace app
