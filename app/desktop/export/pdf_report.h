// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/report/report_document.h"

#include <QByteArray>

namespace app {

/// The report as PDF on A4: text that can be selected and searched, tables that go on over pages under their headings,
/// charts as drawings, page numbers. Needs a QGuiApplication.
QByteArray pdfReport(const core::ReportDocument& document);

} // namespace app
