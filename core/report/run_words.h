// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/measure/snapshot.h"
#include "core/results/result_file.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// Words about a finished run that the terminal, reports and the window share.
namespace services {

/// "send delay", "ack", "ack, from sending", "processing, from polling", "end-to-end", "end-to-end, from sending".
std::string_view titleOf(core::Metric metric);

/// A latency as shown; "–" where there is none.
std::string latencyText(std::optional<std::uint64_t> micros);
/// "–" where fewer than core::valuesNeeded() were recorded.
std::string percentileText(const core::LatencyHistogram& histogram, double percentile);
std::string secondsText(double seconds);

bool onEmbeddedBroker(const core::RunResult& result);
/// " (embedded broker)" for such a run, else empty: goes with every latency.
std::string latencyPlace(const core::RunResult& result);
/// "Ran on localhost:9092 (3.9); store …; duplicate filter …; 2 cores of …, 23.5 GiB".
std::string placeText(const core::RunResult& result);
/// What a reader of the figures should know and what no other part says; a sentence each.
std::vector<std::string> warningsOf(const core::RunResult& result);
/// The margin, where it says more than the value.
std::string marginOf(const core::RuleOutcome& rule);

} // namespace services
