// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/console.h"
#include "app/cli/text_table.h"
#include "app/cli/verbs.h"
#include "core/report/comparison_report.h"
#include "core/text/figure_text.h"
#include "services/archive/result_source.h"
#include "services/archive/whole_file.h"

#include <fmt/format.h>

#include <charconv>
#include <cmath>

namespace app {
namespace {

using core::ExitCode;

VerbSyntax syntax() {
    return {.name = "compare",
            .operands = "RESULT RESULT…",
            .minOperands = 2,
            .maxOperands = core::kMostCompared,
            .summary = "set two to five results beside each other",
            .explanation =
                "\nEach RESULT is a result.json or its folder; all are compared with the first. Says what is better,\n"
                "worse or the same, as far as the runs' own variation allows, and why runs may not be comparable.\n"
                "Ends with 0, or with 3 where --fail-if-worse applies.",
            .options = {{"--format", "FORMAT", "text (the default), html, md, csv or json"},
                        {"--out", "PATH", "the file; otherwise standard output"},
                        {"--fail-if-worse", "PERCENT",
                         "end with 3 if a rate, a percentile or a count became worse by more than that"}},
            .example = "compare runs/before runs/after\ncompare runs/before runs/after --fail-if-worse 10"};
}

std::string alignmentOf(const core::ReportTable& table) {
    std::string alignment;
    for (const core::ReportColumn& column : table.columns) {
        alignment += column.number ? 'r' : 'l';
    }
    return alignment;
}

std::string textOf(const core::ReportTable& table) {
    TextTable lines(alignmentOf(table));
    std::vector<std::string> titles;
    for (const core::ReportColumn& column : table.columns) {
        titles.push_back(column.title);
    }
    lines.row(std::move(titles));
    for (const auto& row : table.rows) {
        std::vector<std::string> cells;
        for (const core::ReportCell& cell : row) {
            cells.push_back(cell.text);
        }
        lines.row(std::move(cells));
    }
    return lines.text();
}

/// Tables and paragraphs; charts are for those who can see them.
std::string textOf(const core::ReportDocument& document) {
    std::string text;
    for (const core::ReportBlock& block : document.blocks) {
        if (const auto* const table = std::get_if<core::ReportTable>(&block)) {
            text += textOf(*table) + "\n";
        } else if (const auto* const paragraph = std::get_if<core::ReportParagraph>(&block)) {
            text += paragraph->text + "\n";
        } else if (const auto* const lines = std::get_if<core::ReportPreformatted>(&block)) {
            text += lines->text + "\n";
        }
    }
    return text;
}

std::optional<std::vector<core::RunResult>> readAll(const std::vector<std::string>& paths) {
    std::vector<core::RunResult> runs;
    for (const std::string& path : paths) {
        auto result = services::readResult(path);
        if (!result) {
            complain(result.error().text());
            return std::nullopt;
        }
        runs.push_back(std::move(*result));
    }
    return runs;
}

/// "10", "2.5" or "10%", as a share.
std::optional<double> shareOf(std::string_view text) {
    if (text.ends_with('%')) {
        text.remove_suffix(1);
    }
    double percent = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), percent);
    const bool whole = error == std::errc() && end == text.data() + text.size();
    return whole && std::isfinite(percent) && percent >= 0 ? std::optional(percent / 100) : std::nullopt;
}

std::optional<std::string> rendered(const std::string& format, const core::Comparison& comparison,
                                    const std::vector<core::RunResult>& runs) {
    return format == "text" ? textOf(comparisonReport(comparison, runs, core::Theme::Light))
                            : core::comparisonAs(format, comparison, runs);
}

ExitCode judged(const core::Comparison& comparison, std::optional<double> allowed) {
    if (!allowed || comparison.worst() <= *allowed) {
        return ExitCode::Passed;
    }
    for (const core::ComparisonRow& row : comparison.rows) {
        for (const core::ComparedValue& value : row.values) {
            if (row.counts && value.change == core::Change::Worse &&
                (!value.share || std::abs(*value.share) > *allowed)) {
                complain(fmt::format("{} became worse: {} instead of {}.", row.figure,
                                     core::figureText(*value.value, row.unit),
                                     core::figureText(*row.values.front().value, row.unit)));
            }
        }
    }
    return ExitCode::ThresholdMissed;
}

ExitCode usage(const std::string& sentence) {
    complain(sentence);
    return ExitCode::Usage;
}

ExitCode body(const Arguments& arguments) {
    const auto limit = arguments.value("--fail-if-worse");
    const auto allowed = limit ? shareOf(*limit) : std::nullopt;
    if (limit && !allowed) {
        return usage(fmt::format("--fail-if-worse takes a percentage from 0, as 10, not '{}'.", *limit));
    }
    const auto runs = readAll(arguments.operands());
    if (!runs) {
        return ExitCode::Usage;
    }
    const auto comparison = core::compare(*runs);
    if (!comparison) {
        return usage(comparison.error().text());
    }
    const std::string format = arguments.value("--format").value_or("text");
    const auto text = rendered(format, *comparison, *runs);
    if (!text) {
        return usage(fmt::format("there is no format '{}'. The formats are text, html, md, csv and json.", format));
    }
    if (const auto out = arguments.value("--out"); !out || out == kStandardOutput) {
        say(*text);
    } else if (const core::Status written = services::writeWholeFile(*out, *text); !written) {
        complain(written.error().text());
        return ExitCode::Internal;
    }
    return judged(*comparison, allowed);
}

} // namespace

Verb compareVerb() {
    return {syntax(), body};
}

} // namespace app
