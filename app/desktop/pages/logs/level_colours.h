// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/chart/palette.h"

#include <QColor>
#include <QPalette>
#include <QString>
#include <array>
#include <cstddef>
#include <string_view>

/// How levels look in the list of events and in the chart of their counts. The level's word always stands beside it.
namespace app {

/// What is counted together: levels that a reader treats alike.
enum class LevelGroup : std::size_t { Errors, Warnings, Info, Details };
inline constexpr std::size_t kLevelGroups = 4;

LevelGroup groupOf(std::string_view level); ///< a level that is none of ours: Info
QString nameOf(LevelGroup group);           ///< "ERROR, FATAL"

/// As text on a list's ground; invalid: the list's own colour.
QColor levelColour(std::string_view level, const QPalette& palette);
/// As the fill of a bar.
core::SeriesStyle styleOf(LevelGroup group, core::Theme theme);

} // namespace app
