// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/report/report_document.h"

#include <string>

namespace core {

/// A table as CSV (RFC 4180), for programs: the columns' titles with their units, then the rows. Numbers are whole and
/// in the unit of their column's title, and empty where not known; no text is run as a formula by a spreadsheet.
std::string tableCsv(const ReportTable& table);

} // namespace core
