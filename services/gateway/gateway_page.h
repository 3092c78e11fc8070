// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/api/part_feed.h"
#include "services/gateway/gateway_role.h"

#include <string>

namespace services {

/// The page at '/': health of the parts, rates, lag, links. No script; the browser asks again every 5 s.
std::string gatewayPage(const GatewayRole& gateway, const PartFeed& feed);

} // namespace services
