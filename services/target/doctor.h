// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/scenario/scenario.h"
#include "core/units.h"

#include <functional>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

namespace services {

enum class ServerPart { Broker, Store, Dedupe };
enum class Health { Ok, Warn, Fail };

/// One thing that is known of a server.
struct Finding {
    ServerPart part = ServerPart::Broker;
    Health health = Health::Ok;
    std::string sentence;                       ///< with what to do where it is not well; without secrets
    std::optional<core::Nanoseconds> roundTrip; ///< of one question; with a server's first finding, if it answered
};

/// What the servers are asked for.
struct Examination {
    core::Scenario scenario; ///< client settings, group, keys; a default one if none is meant
    core::Target target;     ///< resolved: every part says where
    std::vector<std::string> topics;
    bool judgesLoad = false; ///< the scenario is meant: has Redis room for its rate, take the topics its events?
};

/// Asks all three servers at the same time and changes nothing on them, but for a key in Redis that lives for a second.
/// Each finding is handed over as soon as it is known, one at a time, on whichever thread asked that server. Returns
/// when the last one has answered (after 10 s it counts as absent) or soon after a stop: at once for the store, within
/// a second for the broker, 2 s for Redis.
void examine(const Examination& examination, const std::stop_token& stop,
             const std::function<void(const Finding&)>& take);

} // namespace services
