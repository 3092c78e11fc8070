// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/target/store_address.h"
#include "services/http/router.h"

namespace services {

/// What a gateway answers from the store: /api/logs, /api/runs. An embedded store: that there is none.
void addStoreRoutes(http::Router& router, core::StoreAddress store);

} // namespace services
