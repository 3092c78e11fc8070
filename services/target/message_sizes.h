// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/scenario/scenario.h"

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace services {

/// Sentences for what the topics will not take of the scenario: events, or batches of them, over max.message.bytes.
/// `limits`: by topic, of those that are known.
std::vector<std::string> sizeWarnings(const core::Scenario& scenario,
                                      const std::map<std::string, std::uint64_t>& limits);

} // namespace services
