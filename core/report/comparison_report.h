// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/analysis/comparison.h"
#include "core/report/report_document.h"

#include <span>
#include <string>

namespace core {

/// What a comparison says: warnings, the figures of each run beside those of the first, the latencies by percentile of
/// all runs in one chart. `runs` are those that were compared.
ReportDocument comparisonReport(const Comparison& comparison, std::span<const RunResult> runs, Theme theme);

/// The comparison for programs: {"schema": "millrace.comparison/1", "runs": […], "warnings": […], "figures": […]};
/// numbers are in the unit that each figure names, and null where they are not known.
std::string comparisonJson(const Comparison& comparison, std::span<const RunResult> runs);

} // namespace core
