// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <string>

namespace app {

/// How figures stand in charts, beside axes and in read-outs: core::axisLabel() in the user's locale.

/// A figure that core has written, with the user's decimal and thousands marks, and in one line.
QString localText(const std::string& figure);
/// 10 k, 2.5 M, 0.25; where the unit is s it goes with the prefix: 9.8 ms. Not finite: –.
QString axisText(double value, const QString& unit);
/// For a read-out, unit included: 9.98 k/s, 142 events, 9.8 ms.
QString figureText(double value, const QString& unit);
/// An instant of a run: 42 s, 12:05, 1:02:05; with tenths below a minute where `fine`: 4.2 s.
QString timeText(double seconds, bool fine = false);

} // namespace app
