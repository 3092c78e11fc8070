// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QIcon>
#include <QPalette>
#include <QString>

namespace app {

/// The drawing resources/icons/<name>.svg in the colour of the palette's text, so that it is seen in light and dark; in
/// that of highlighted text where it is selected.
QIcon themedIcon(const QString& name, const QPalette& palette);

/// The program's own.
QIcon programIcon();

} // namespace app
