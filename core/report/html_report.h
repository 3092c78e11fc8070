// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/report/report_document.h"

#include <string>

namespace core {

/// The report as one HTML5 file that needs nothing else: charts within, and a content security policy that forbids
/// everything but its own style and the script that reads out charts; without scripts it says the same. Light or dark
/// as the reader's system asks; on paper it is laid out for A4. Charts are expected in the light theme, which paper
/// needs. Everything that is not ours is escaped.
std::string htmlReport(const ReportDocument& document);

} // namespace core
