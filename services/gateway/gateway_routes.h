// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/api/part_feed.h"
#include "services/gateway/gateway_role.h"
#include "services/http/router.h"

namespace services {

inline constexpr std::chrono::seconds kLatencyHistory{150}; ///< what ?seconds= of /api/metrics/latency may ask for

/// What a gateway answers beside what every part does: /, /api/metrics/…, /api/lag, /api/logs, /api/runs. Gateway and
/// feed outlive the router.
void addGatewayRoutes(http::Router& router, const GatewayRole& gateway, const PartFeed& feed);

} // namespace services
