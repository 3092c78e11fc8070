// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/analysis/health.h"

#include <QString>

namespace app {

/// "Kafka", "embedded broker": the name that the window gives a dependency, without its address.
QString dependencyName(const core::DependencyName& name);

/// "PostgreSQL at 10.0.0.7:5432/logs does not answer, 3,245 waiting, for 12 s".
QString ailmentText(const core::DependencyName& name, const core::DependencyHealth& health, core::Instant now);

} // namespace app
