// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/report/report_document.h"
#include "core/result.h"
#include "core/results/result_file.h"

#include <array>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace services {

enum class ReportFormat { Html, Pdf, Png, Svg, Csv, Json, Junit, Hgrm, Markdown };
inline constexpr std::array kReportFormats{ReportFormat::Html,  ReportFormat::Pdf,  ReportFormat::Png,
                                           ReportFormat::Svg,   ReportFormat::Csv,  ReportFormat::Json,
                                           ReportFormat::Junit, ReportFormat::Hgrm, ReportFormat::Markdown};
std::string_view nameOf(ReportFormat format); ///< "html", "pdf", …, "md"
std::optional<ReportFormat> reportFormatOf(std::string_view name);
/// Many files, one per chart, table or latency, so that a folder is written.
bool fillsAFolder(ReportFormat format);

/// Makes what needs Qt; a program without it leaves both empty.
struct PictureExporter {
    std::function<core::Result<std::string>(const std::string& svg)> png; ///< the file's bytes
    std::function<core::Result<std::string>(const core::ReportDocument& document)> pdf;

    bool makes(ReportFormat format) const {
        return (format != ReportFormat::Pdf || pdf) && (format != ReportFormat::Png || png);
    }
};

struct ExportedFile {
    std::string name; ///< within its folder: "report.html", "rates.svg"
    std::string content;
};

/// What a format's files hold, in the order in which they stand in the report; `againstBaseline` as core::reportOf().
core::Result<std::vector<ExportedFile>> exportedFiles(const core::RunResult& result, ReportFormat format,
                                                      const PictureExporter& pictures,
                                                      const std::string& againstBaseline = {});

/// Writes them, each whole or not at all: one file to `path`, or many into the folder `path`, which is created if need
/// be. Fatal: why not; a folder that was created for it is gone again.
core::Status writeExport(const std::vector<ExportedFile>& files, ReportFormat format,
                         const std::filesystem::path& path);

} // namespace services
