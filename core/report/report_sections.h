// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/report/report_document.h"
#include "core/results/result_file.h"

#include <vector>

/// The parts that a report is put together of.
namespace core {

using ReportBlocks = std::vector<ReportBlock>;

/// Cells of numbers, as text and as value. A percentile with too few values (valuesNeeded()) is not known.
ReportCell countCell(std::uint64_t count, Tone tone = Tone::Plain);
ReportCell latencyCell(std::optional<std::uint64_t> micros); ///< its value in ms
ReportCell percentileCell(const LatencyHistogram& histogram, double percentile);
ReportCell plainCell(double value, int decimals = 3); ///< at most so many
ReportCell secondsCell(double seconds);               ///< "12.0 s"
inline constexpr int kDecimalsOfShares = 9; ///< of a percentage: one event in a hundred thousand million is seen

/// A table of latencies whose file says what the heading above the table does: latencyPlace(), in its first title.
ReportTable withPlace(ReportTable table, const RunResult& result);

ReportTable rulesTable(const RunResult& result);
ReportTable ledgerTable(const Ledger& ledger, ConsumedBy consumedBy);
ReportTable latenciesTable(const RunResult& result);
/// Why a run did not pass: what came to its limit first, or that nothing did.
ReportBlocks saturationBlocks(const RunResult& result);

ReportTable streamsTable(const RunResult& result);
ReportTable tiersTable(const RunResult& result);
ReportTable spansTable(const RunResult& result);
ReportTable filterTable(const RunResult& result);
ReportTable resourcesTable(const RunResult& result);
ReportTable timelineTable(const RunResult& result);
ReportTable factsTable(const std::string& name, const std::map<std::string, std::string>& facts);

} // namespace core
