// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/report/report_document.h"
#include "core/results/result_file.h"

#include <span>

namespace core {

/// The stored rate of each run over the time since its first event, in one chart.
ReportChart comparedRates(std::span<const RunResult> runs, Theme theme);
/// The same of the end-to-end p99. Neighbouring intervals are added up as in a run's own chart.
ReportChart comparedLatencies(std::span<const RunResult> runs, Theme theme);

} // namespace core
