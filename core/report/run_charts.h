// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/chart/chart_heat.h"
#include "core/chart/chart_lines.h"
#include "core/report/report_document.h"
#include "core/results/result_file.h"

#include <span>

namespace core {

/// What was planned, sent, acked and stored over time, in events/s, with the backlog as an area on the right.
LineChart ratesChart(const RunResult& result, Theme theme);
/// Limits (ms) that rules set for end-to-end latencies of the whole run.
std::vector<ChartLevel> latencyLimits(std::span<const Threshold> rules);
/// End-to-end p50, p90, p99, p99.9 and max over time, in the bins of the Live page (latencyBins()), with the limits
/// that rules set for the whole run.
LineChart latencyChart(const RunResult& result, Theme theme);
/// How many events took how long end-to-end, over time.
HeatChart latencyHeat(const RunResult& result);
/// End-to-end latency by percentile, from the due time and from sending; up to where there are enough values.
LineChart percentileCurve(const RunResult& result, Theme theme);
/// How the end-to-end latencies are spread, from the due time and from sending.
LineChart latencySpread(const RunResult& result, Theme theme);

/// End-to-end latency by percentile of each run, from the due time, in one chart.
LineChart comparedPercentiles(std::span<const RunResult> runs, Theme theme);

/// A chart with its picture and its data.
ReportChart drawn(const std::string& name, const LineChart& chart, Theme theme);
ReportChart drawn(const std::string& name, const HeatChart& chart, Theme theme);

} // namespace core
