// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/ports/run_member.h"
#include "services/http/router.h"

namespace services {

/// What a daemon answers whoever leads a run over several daemons: /api/time and /api/run/…, see
/// resources/docs/fleet.md. The member outlives the router.
void addMemberRoutes(http::Router& router, core::RunMember& member);

} // namespace services
