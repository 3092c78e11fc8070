// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/monitor/cluster_view.h"
#include "core/monitor/lag_rule.h"

#include <string>
#include <vector>

namespace app {

/// One look as JSON on one line (resources/docs/monitor.md). What is not known is null. `problem`: why the newest look
/// failed, while `view` is an older one; empty: it did not.
std::string monitorJson(const core::ClusterView& view, const std::vector<core::LagRuleOutcome>& rules,
                        const std::string& problem, core::Instant now);

} // namespace app
