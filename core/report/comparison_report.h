// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/analysis/comparison.h"
#include "core/report/report_document.h"

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace core {

/// What a comparison says: warnings, the figures of each run beside those of the first; stored rate, p99 and
/// percentiles of all runs in one chart each, over the time since each run's first event; how the scenarios' texts
/// differ from the first run's. `runs` are those that were compared.
ReportDocument comparisonReport(const Comparison& comparison, std::span<const RunResult> runs, Theme theme);

/// The comparison for programs: {"schema": "millrace.comparison/1", "runs": […], "warnings": […], "figures": […]};
/// numbers are in the unit that each figure names, and null where they are not known.
std::string comparisonJson(const Comparison& comparison, std::span<const RunResult> runs);

/// The figures as CSV: a line per figure and run, numbers in the units that comparisonJson() names.
std::string comparisonCsv(const Comparison& comparison, std::span<const RunResult> runs);

/// A file of the comparison: "html", "md", "csv" or "json"; nothing for other formats.
std::optional<std::string> comparisonAs(std::string_view format, const Comparison& comparison,
                                        std::span<const RunResult> runs);

} // namespace core
