// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/scenario/scenario.h"

#include <string>
#include <vector>

namespace core {

/// The tiers of the scenario's streams, each once, the critical one first.
std::vector<Tier> tiersInUse(const Scenario& scenario);

/// The topics of those tiers, in the same order.
std::vector<std::string> topicsInUse(const Scenario& scenario);

} // namespace core
