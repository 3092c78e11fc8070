// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/load/event_generator.h"
#include "core/result.h"
#include "core/scenario/scenario.h"

#include <map>
#include <string>

namespace services {

/// The texts of a scenario's message files, by path.
using MessageFiles = std::map<std::string, core::MessageLines>;

/// Reads every message file of the scenario, each once; at most 256 MiB each.
core::Result<MessageFiles> readMessageFiles(const core::Scenario& scenario);

} // namespace services
