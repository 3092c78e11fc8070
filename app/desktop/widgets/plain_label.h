// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QLabel>

namespace app {

/// A label of words that come from files and servers: shown as they are, wrapped, and to be selected and copied.
QLabel* plainLabel(const QString& objectName, QWidget* parent = nullptr);

} // namespace app
