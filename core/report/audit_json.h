// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/analysis/run_audit.h"

#include <string>

namespace core {

/// The report of an audit as JSON, schema millrace.audit/1 (resources/docs/audit.md). What nobody knows is null.
std::string auditJson(const AuditReport& report);

} // namespace core
