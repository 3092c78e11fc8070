// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/analysis/run_audit.h"
#include "core/ports/audited_rows.h"

#include <atomic>
#include <cstdint>
#include <optional>
#include <stop_token>
#include <vector>

namespace services {

/// Reads the whole table once and judges what is in it. `only`: the tag of the one run that is asked for. `rows` counts
/// those read so far, for other threads to see. Errors as core::AuditedRows.
core::Result<core::AuditReport> audit(core::AuditedRows& table, const std::vector<core::KnownRun>& known,
                                      std::optional<std::uint32_t> only, std::atomic<std::uint64_t>& rows,
                                      const std::stop_token& stop);

} // namespace services
