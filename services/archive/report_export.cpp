// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/archive/report_export.h"

#include "core/report/html_report.h"
#include "core/report/junit_xml.h"
#include "core/report/markdown_report.h"
#include "core/report/table_csv.h"
#include "services/archive/whole_file.h"

#include <fmt/format.h>

namespace services {
namespace {

namespace fs = std::filesystem;
using Files = std::vector<ExportedFile>;

core::Result<Files> only(std::string name, core::Result<std::string> content) {
    if (!content) {
        return content.error();
    }
    return Files{{std::move(name), std::move(*content)}};
}

Files svgFiles(const core::ReportDocument& document) {
    Files files;
    for (const core::ReportChart* const chart : document.charts()) {
        files.push_back({chart->name + ".svg", chart->svg});
    }
    return files;
}

core::Result<Files> pngFiles(const core::ReportDocument& document, const PictureExporter& pictures) {
    Files files;
    for (const core::ReportChart* const chart : document.charts()) {
        auto png = pictures.png(chart->svg);
        if (!png) {
            return png.error();
        }
        files.push_back({chart->name + ".png", std::move(*png)});
    }
    return files;
}

Files csvFiles(const core::RunResult& result, const core::ReportDocument& document) {
    Files files;
    for (const core::ReportTable* const table : document.tables()) {
        files.push_back({table->name + ".csv", core::tableCsv(*table)});
    }
    for (const core::ReportChart* const chart : document.charts()) {
        files.push_back({"chart-" + chart->name + ".csv", core::tableCsv(chart->data)});
    }
    files.push_back({"samples.csv", core::toCsv(result.samples)});
    return files;
}

Files hgrmFiles(const core::RunResult& result) {
    Files files;
    for (const core::Metric metric : core::kMetrics) {
        files.push_back({std::string(core::nameOf(metric)) + ".hgrm", of(result.latency, metric).hgrm()});
    }
    return files;
}

core::Status writeFolder(const Files& files, const fs::path& folder) {
    std::error_code failure;
    const bool created = fs::create_directories(folder, failure);
    if (failure) {
        return core::fatal(fmt::format("The folder {} could not be created: {}.", folder.string(), failure.message()));
    }
    for (const ExportedFile& file : files) {
        const core::Status written = writeWholeFile(folder / file.name, file.content);
        if (written) {
            continue;
        }
        if (created) {
            fs::remove_all(folder, failure);
        }
        return written;
    }
    return {};
}

} // namespace

std::string_view nameOf(ReportFormat format) {
    switch (format) {
    case ReportFormat::Html:
        return "html";
    case ReportFormat::Pdf:
        return "pdf";
    case ReportFormat::Png:
        return "png";
    case ReportFormat::Svg:
        return "svg";
    case ReportFormat::Csv:
        return "csv";
    case ReportFormat::Json:
        return "json";
    case ReportFormat::Junit:
        return "junit";
    case ReportFormat::Hgrm:
        return "hgrm";
    case ReportFormat::Markdown:
        return "md";
    }
    return {};
}

std::optional<ReportFormat> reportFormatOf(std::string_view name) {
    for (const ReportFormat format : kReportFormats) {
        if (nameOf(format) == name) {
            return format;
        }
    }
    return std::nullopt;
}

bool fillsAFolder(ReportFormat format) {
    return format == ReportFormat::Png || format == ReportFormat::Svg || format == ReportFormat::Csv ||
           format == ReportFormat::Hgrm;
}

core::Result<Files> exportedFiles(const core::RunResult& result, ReportFormat format, const PictureExporter& pictures,
                                  const std::string& againstBaseline) {
    const auto document = [&] { return core::reportOf(result, core::Theme::Light, againstBaseline); };
    if (!pictures.makes(format)) {
        return core::invalid(fmt::format("This program writes no {}; 'millrace report' does.", nameOf(format)));
    }
    switch (format) {
    case ReportFormat::Html:
        return only("report.html", core::htmlReport(document()));
    case ReportFormat::Pdf:
        return only("report.pdf", pictures.pdf(document()));
    case ReportFormat::Png:
        return pngFiles(document(), pictures);
    case ReportFormat::Svg:
        return svgFiles(document());
    case ReportFormat::Csv:
        return csvFiles(result, document());
    case ReportFormat::Json:
        return only("result.json", core::toJson(result, false));
    case ReportFormat::Junit:
        return only("junit.xml", core::junitXml(result));
    case ReportFormat::Markdown:
        return only("report.md", core::markdownReport(document()));
    case ReportFormat::Hgrm:
        return hgrmFiles(result);
    }
    return core::invalid("There is no such format.");
}

core::Status writeExport(const Files& files, ReportFormat format, const fs::path& path) {
    if (fillsAFolder(format)) {
        return writeFolder(files, path);
    }
    return writeWholeFile(path, files.front().content);
}

} // namespace services
