// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/ports/control.h"

#include <QString>

namespace app {

/// Where a run is, with the time left: "stage baseline 2/3, 38 s left". Of a longer stage the middle is left out.
QString phaseText(const core::RunStatus& status, int stageLetters = 1'000);

} // namespace app
