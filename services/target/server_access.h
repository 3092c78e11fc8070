// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/scenario/scenario.h"

#include <map>
#include <string>
#include <vector>

namespace services {

/// Where a run goes and what lets it in, from outside of the scenario: a saved connection. Both may hold passwords, and
/// neither ever reaches a file: applying it leaves the scenario's text alone, which is what results and journals keep;
/// they keep addresses without passwords, and of the clients' settings those that are no secrets.
struct ServerAccess {
    core::Target target;                            ///< resolved: every part says where
    std::map<std::string, std::string> kafkaClient; ///< librdkafka settings; each goes before the scenario's own
    std::vector<std::string> daemons{};             ///< that send and consume; none: this process does
    core::Secret daemonToken{};                     ///< what they want to know of whoever asks them; may be empty
};

/// Sends the scenario there, in memory.
void apply(const ServerAccess& access, core::Scenario& scenario, core::Target& target);

} // namespace services
