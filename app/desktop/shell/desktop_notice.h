// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

namespace app {

/// A message that the desktop shows outside the window (org.freedesktop.Notifications). Never waits; where nobody shows
/// such messages nothing happens.
void showDesktopNotice(const QString& title, const QString& text);

} // namespace app
