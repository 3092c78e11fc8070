// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/results/result_file.h"

namespace app {

/// What would have become of the rule in a run that is over, as far as its result tells: also of rules that it had not.
core::RuleOutcome outcomeIn(const core::RunResult& result, const core::Threshold& rule);

} // namespace app
