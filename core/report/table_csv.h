// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/report/report_document.h"

#include <string>

namespace core {

/// A table as CSV (RFC 4180): the columns' titles, then the rows. Nothing in it is run as a formula by a spreadsheet.
std::string tableCsv(const ReportTable& table);

} // namespace core
