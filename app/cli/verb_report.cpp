// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/console.h"
#include "app/cli/run_summary.h"
#include "app/cli/text_columns.h"
#include "app/cli/verbs.h"
#include "services/archive/baseline.h"
#include "services/archive/result_source.h"
#include "services/archive/whole_file.h"

#include <fmt/format.h>

namespace app {
namespace {

namespace fs = std::filesystem;
using core::ExitCode;
using services::ReportFormat;

constexpr std::string_view kText = "text"; // the only one that is the terminal's affair

VerbSyntax syntax() {
    return {
        .name = "report",
        .operands = "RESULT",
        .minOperands = 1,
        .maxOperands = 1,
        .summary = "write a report of a run's result, to read or to share",
        .explanation =
            "\nRESULT is a result.json or the folder that it lies in. What it writes appears whole or not at all.\n"
            "\nFormats: html, one file that needs nothing else (the default); pdf; png and svg, a picture per chart;\n"
            "csv, a file per table and chart; json, the result itself (to standard output without --out);\n"
            "junit, a test case per rule for build servers;\n"
            "hgrm, percentile tables for HdrHistogram's tools; md, the first screen for a ticket; text, the summary\n"
            "as a run prints it (both to standard output without --out). Only millrace writes pdf and png.",
        .options = {{"--format", "FORMAT", "html, pdf, png, svg, csv, json, junit, hgrm, md or text"},
                    {"--out", "PATH",
                     "the file (- is standard output), or for png, svg, csv and hgrm the folder; otherwise "
                     "beside the result"}},
        .example = "report runs/baseline-20260102T030405Z\nreport result.json --format junit --out junit.xml"};
}

std::string allFormats() {
    std::string names;
    for (const ReportFormat format : services::kReportFormats) {
        names += (names.empty() ? "" : ", ") + std::string(nameOf(format));
    }
    return names + ", " + std::string(kText);
}

/// Beside the result: report.html, junit.xml, or a folder named for the format.
fs::path defaultPath(const fs::path& result, ReportFormat format, const std::vector<services::ExportedFile>& files) {
    const fs::path folder = services::resultFileOf(result).parent_path();
    return folder / (services::fillsAFolder(format) ? std::string(nameOf(format)) : files.front().name);
}

ExitCode print(const std::string& content) {
    say(content);
    return ExitCode::Passed;
}

ExitCode told(const core::Status& written, const fs::path& path) {
    if (!written) {
        complain(written.error().text());
        return ExitCode::Internal;
    }
    say(fmt::format("{}\n", path.string()));
    return ExitCode::Passed;
}

ExitCode report(const Arguments& arguments, const services::PictureExporter& pictures) {
    const std::string name = arguments.value("--format").value_or("html");
    const auto format = services::reportFormatOf(name);
    if (!format && name != kText) {
        complain(fmt::format("there is no format '{}'. The formats are {}.", name, allFormats()));
        return ExitCode::Usage;
    }
    const fs::path source = arguments.operands().front();
    const auto result = services::readResult(source);
    if (!result) {
        complain(result.error().text());
        return ExitCode::Usage;
    }
    const fs::path folder = services::resultFileOf(source).parent_path();
    const std::string againstBaseline = services::againstBaseline(*result, folder);
    const auto out = arguments.value("--out");
    if (!format) {
        std::string summary = summaryText(*result, folder, {});
        if (!againstBaseline.empty()) {
            for (const std::string& line : wrapWords(againstBaseline, 0, SummaryStyle().width)) {
                summary += line + "\n";
            }
        }
        return out && out != kStandardOutput ? told(services::writeWholeFile(*out, summary), *out) : print(summary);
    }
    const auto files = services::exportedFiles(*result, *format, pictures, againstBaseline);
    if (!files) {
        complain(files.error().text());
        return files.error().kind == core::ErrorKind::Invalid ? ExitCode::Usage : ExitCode::Internal;
    }
    const bool shown = (*format == ReportFormat::Json || *format == ReportFormat::Markdown) && !out;
    if (shown || out == kStandardOutput) {
        if (services::fillsAFolder(*format)) {
            complain(fmt::format("'{}' is many files, which standard output cannot hold: name a folder.", name));
            return ExitCode::Usage;
        }
        return print(files->front().content);
    }
    const fs::path path = out ? fs::path(*out) : defaultPath(source, *format, *files);
    return told(services::writeExport(*files, *format, path), path);
}

} // namespace

Verb reportVerb(const services::PictureExporter& pictures) {
    return {syntax(), [pictures](const Arguments& arguments) { return report(arguments, pictures); }};
}

} // namespace app
