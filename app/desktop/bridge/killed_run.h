// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/archive/result_catalogue.h"
#include "services/target/server_access.h"

#include <optional>
#include <stop_token>

namespace app {

/// Ends the account of a run whose process was killed, and keeps its result in its folder. On servers, what the broker
/// still holds is stored first, which may take minutes, and the ledger is closed; with the embedded broker all of that
/// went with the process, and the result is what the journal has on record. `access` is a saved connection's. Errors as
/// services::resumeDrain().
core::Status finishKilledRun(const services::CatalogueEntry& run, const std::optional<services::ServerAccess>& access,
                             const std::stop_token& giveUp);

} // namespace app
