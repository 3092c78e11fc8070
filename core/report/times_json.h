// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/report/report_document.h"

#include <string>

namespace core {

/// What the script of HTML reports (html_script.h) reads of a chart over time; figures have four digits.
std::string timesJson(const ReportTimes& times, const ReportTable& data);

} // namespace core
