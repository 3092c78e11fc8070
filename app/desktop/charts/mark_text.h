// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/measure/mark.h"

#include <QString>

namespace app {

/// A mark's short label, in the user's language: the phase that began, or the kind of what happened.
QString markText(const core::Mark& mark);
QString kindText(core::MarkKind kind);

} // namespace app
