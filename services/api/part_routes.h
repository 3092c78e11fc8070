// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/api/exposition.h"
#include "services/api/part_feed.h"
#include "services/http/router.h"

#include <functional>
#include <string>
#include <vector>

namespace services {

struct ServedPart {
    std::string role; ///< "producer", "consumer", "gateway", "run"
    PartRoles roles{};
    std::function<std::vector<ExtraGauge>(const core::Snapshot&)> gauges{}; ///< of that snapshot; may be empty
};

/// What every served process answers: /actuator/…, /metrics, /api/snapshot, /api/stream, /openapi.json. The feed
/// outlives the router.
void addPartRoutes(http::Router& router, PartFeed& feed, ServedPart served);

} // namespace services
