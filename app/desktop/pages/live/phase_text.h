// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/ports/control.h"

#include <QString>

namespace app {

/// Where a run is, with the time left: "stage baseline 2/3, 38 s left".
QString phaseText(const core::RunStatus& status);

} // namespace app
