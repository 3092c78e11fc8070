// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/analysis/run_audit.h"
#include "core/scenario/scenario.h"
#include "core/target/store_address.h"

#include <atomic>
#include <cstdint>
#include <stop_token>
#include <string>

namespace app {

/// An audit as it is asked for, on the command line and in the window alike.
struct AuditRequest {
    core::StoreAddress store;
    core::AuditedTable table;
    std::string run; ///< a run's folder or result.json, its id, or its tag; empty: whatever is in the table
};

/// What those who wait for an audit may look at meanwhile.
struct AuditProgress {
    std::atomic<std::uint64_t> rows{0};
    std::atomic<std::uint64_t> of{0}; ///< about; 0: not known
};

/// Reads the table and judges it by what is known of the runs in it: from the folder that is named, or from the table
/// `runs` in the same database. Errors as core::AuditedRows.
core::Result<core::AuditReport> auditTable(const AuditRequest& request, AuditProgress& progress,
                                           const std::stop_token& stop);

} // namespace app
