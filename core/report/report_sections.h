// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/report/report_document.h"
#include "core/results/result_file.h"

#include <vector>

/// The parts that a report is put together of.
namespace services {

using ReportBlocks = std::vector<ReportBlock>;

ReportTable rulesTable(const core::RunResult& result);
ReportTable ledgerTable(const core::Ledger& ledger);
ReportTable latenciesTable(const core::RunResult& result);
/// Why a run did not pass: what came to its limit first, or that nothing did.
ReportBlocks saturationBlocks(const core::RunResult& result);

ReportTable streamsTable(const core::RunResult& result);
ReportTable tiersTable(const core::RunResult& result);
ReportTable spansTable(const core::RunResult& result);
ReportTable filterTable(const core::RunResult& result);
ReportTable resourcesTable(const core::RunResult& result);
ReportTable timelineTable(const core::RunResult& result);
ReportTable factsTable(const std::string& name, const std::map<std::string, std::string>& facts);

} // namespace services
