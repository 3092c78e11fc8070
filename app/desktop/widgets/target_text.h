// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/target/target.h"

#include <QString>

namespace app {

/// Where a run goes, in few words and without secrets: "embedded", "localhost:9092", "embedded broker, postgresql://…".
QString targetText(const core::Target& target);

} // namespace app
