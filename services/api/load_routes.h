// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/ports/part.h"
#include "services/api/part_feed.h"
#include "services/http/router.h"

namespace services {

/// What a producer answers beside what every part does: /api/load/…. A request that is sent again with the same
/// Idempotency-Key gets the first one's answer and does nothing. Load and feed outlive the router.
void addLoadRoutes(http::Router& router, core::LoadControl& load, const PartFeed& feed);

} // namespace services
