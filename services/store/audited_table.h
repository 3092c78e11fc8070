// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/ports/audited_rows.h"
#include "core/scenario/scenario.h"
#include "services/store/store.h"

#include <memory>
#include <stop_token>

namespace services {

/// Opens a table of somebody else's in the PostgreSQL at the address, for an audit. Of the options, the address and the
/// time-outs count. Errors as core::AuditedRows; Invalid where the address is no PostgreSQL's. `stop` ends each of its
/// calls.
core::Result<std::unique_ptr<core::AuditedRows>>
openAuditedTable(const StoreOptions& options, const core::AuditedTable& table, std::stop_token stop = {});

} // namespace services
