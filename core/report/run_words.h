// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/measure/snapshot.h"
#include "core/results/result_file.h"
#include "core/results/run_place.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// Words about a finished run that the terminal, reports and the window share.
namespace core {

/// "send delay", "ack", "ack, from sending", "processing, from polling", "end-to-end", "end-to-end, from sending".
std::string_view titleOf(Metric metric);

/// A latency as shown; "–" where there is none.
std::string latencyText(std::optional<std::uint64_t> micros);
/// "–" where fewer than valuesNeeded() were recorded.
std::string percentileText(const LatencyHistogram& histogram, double percentile);
std::string secondsText(double seconds);

/// "Ran on localhost:9092 (3.9); store …; duplicate filter …; 2 cores of …, 23.5 GiB".
std::string placeText(const RunResult& result);
/// The time line, with a mark where each rule that was missed began to be; older results have none of some rules.
std::vector<Mark> marksOf(const RunResult& result);
/// What a reader of the figures should know and what no other part says; a sentence each.
std::vector<std::string> warningsOf(const RunResult& result);
/// The margin, where it says more than the value.
std::string marginOf(const RuleOutcome& rule);

} // namespace core
