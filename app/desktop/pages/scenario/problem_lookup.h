// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/scenario/scenario_reader.h"

#include <QString>
#include <vector>

namespace app {

/// The messages about the value at `path` and about what lies below it, a line each; empty: none.
QString messagesBelow(const std::vector<core::Problem>& problems, const QString& path);

/// The messages about exactly this path.
QString messagesAt(const std::vector<core::Problem>& problems, const QString& path);

} // namespace app
