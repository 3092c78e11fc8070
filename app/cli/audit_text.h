// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/analysis/run_audit.h"

#include <cstddef>
#include <string>

namespace app {

/// The report of an audit for a terminal of that many columns.
std::string auditText(const core::AuditReport& report, std::size_t width);

} // namespace app
