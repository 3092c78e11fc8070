// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/desktop/widgets/cell_table_model.h"
#include "core/verdict/threshold.h"

#include <vector>

/// The rules of a run that is on, as a table: how each stands as if the run ended now.
namespace app {

QStringList liveRuleColumns();
std::vector<CellRow> ruleRows(const std::vector<core::RuleOutcome>& rules);
/// What stands in the status strip; empty while no rule is broken. `tip` gets the broken ones, one per line.
QString brokenRulesText(const std::vector<core::RuleOutcome>& rules, QString& tip);

} // namespace app
