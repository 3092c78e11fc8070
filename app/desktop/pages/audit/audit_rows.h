// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/desktop/widgets/cell_table_model.h"
#include "core/analysis/run_audit.h"

#include <QStringList>
#include <vector>

namespace app {

QStringList auditColumns();
/// A row per run that was found. What nobody knows is a dash whose tip gives the reason.
std::vector<CellRow> auditRows(const core::AuditReport& report);

} // namespace app
