// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>
#include <algorithm>

namespace app {

/// Gives a widget whose text has changed all the width that it needs, and never takes any away, so that what stands
/// beside it does not move with every figure.
inline void keepSteadyWidth(QWidget& widget) {
    widget.setMinimumWidth(std::max(widget.minimumWidth(), widget.sizeHint().width()));
}

} // namespace app
