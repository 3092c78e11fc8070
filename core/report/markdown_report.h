// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/report/report_document.h"

#include <string>

namespace core {

/// The report's opening in GitHub's Markdown, for a ticket or a pull request: verdict, where it ran, warnings,
/// bottleneck, rules, ledger and latencies. Without charts; ends with a line end.
std::string markdownReport(const ReportDocument& document);

} // namespace core
