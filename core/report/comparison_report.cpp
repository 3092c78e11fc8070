// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/report/comparison_report.h"

#include "core/report/compared_charts.h"
#include "core/report/report_sections.h"
#include "core/report/run_charts.h"
#include "core/report/run_words.h"
#include "core/text/line_diff.h"

#include <fmt/format.h>

#include <utility>

namespace core {
namespace {

Tone toneOf(Change change) {
    return change == Change::Better ? Tone::Good : change == Change::Worse ? Tone::Bad : Tone::Plain;
}

std::string valueText(const ComparedValue& value, FigureUnit unit) {
    if (!value.value) {
        return "–";
    }
    const std::string text = figureText(*value.value, unit);
    return value.uncertainty ? text + " ± " + figureText(*value.uncertainty, unit) : text;
}

/// "+1.25 ms (+9.8 %)", "+2.2 s (×1,100)".
std::string differenceText(const ComparedValue& value, FigureUnit unit) {
    if (!value.difference) {
        return "–";
    }
    const std::string sign = *value.difference > 0 ? "+" : "";
    const std::string share = value.share ? fmt::format(" ({})", shareText(*value.share)) : "";
    return sign + figureText(*value.difference, unit) + share;
}

bool isLatency(const ComparisonRow& row) {
    return row.unit == FigureUnit::Micros;
}

std::string placesOf(const ComparisonRow& row, std::span<const RunResult> runs) {
    for (const RunResult& run : runs) {
        if (isLatency(row) && onEmbeddedBroker(run)) {
            return latencyPlace(run);
        }
    }
    return "";
}

ReportTable runsTable(std::span<const RunResult> runs) {
    ReportTable table{"runs", "", {{"run", true}, {"name"}, {"started"}, {"verdict"}, {"broker"}, {"id"}}, {}};
    for (std::size_t i = 0; i < runs.size(); ++i) {
        const RunResult& run = runs[i];
        const auto broker = run.target.find("broker");
        const bool passed = run.verdict.status == VerdictStatus::Passed;
        table.rows.push_back({countCell(i + 1),
                              {run.name},
                              {run.started},
                              {fmt::format("{} {}", signOf(run.verdict.status), nameOf(run.verdict.status)),
                               passed ? Tone::Good : Tone::Bad},
                              {broker == run.target.end() ? "–"
                               : onEmbeddedBroker(run)    ? "embedded broker"
                                                          : broker->second},
                              {run.id}});
    }
    return table;
}

ReportTable figuresTable(const Comparison& comparison, std::span<const RunResult> runs) {
    ReportTable table{"figures", "", {{"figure"}, {"run 1", true}}, {}};
    for (std::size_t i = 2; i <= runs.size(); ++i) {
        table.columns.push_back({fmt::format("run {}", i), true});
        table.columns.push_back({"difference", true});
        table.columns.push_back({""});
    }
    for (const ComparisonRow& row : comparison.rows) {
        std::vector<ReportCell> cells{{row.figure + placesOf(row, runs)}, {valueText(row.values.front(), row.unit)}};
        for (std::size_t i = 1; i < row.values.size(); ++i) {
            const ComparedValue& value = row.values[i];
            cells.push_back({valueText(value, row.unit)});
            cells.push_back({differenceText(value, row.unit)});
            cells.push_back({std::string(nameOf(value.change)), toneOf(value.change)});
        }
        table.rows.push_back(std::move(cells));
    }
    return table;
}

void addScenarios(std::vector<ReportBlock>& to, std::span<const RunResult> runs) {
    bool isFirst = true;
    for (std::size_t i = 1; i < runs.size(); ++i) {
        const std::string difference = diffText(runs.front().scenario, runs[i].scenario);
        if (difference.empty()) {
            continue;
        }
        if (std::exchange(isFirst, false)) {
            to.emplace_back(ReportHeading{2, "Scenarios"});
        }
        to.emplace_back(ReportParagraph{fmt::format("How the text of run {0} differs: lines with - stand in run 1 "
                                                    "only, lines with + in run {0} only.",
                                                    i + 1)});
        to.emplace_back(ReportPreformatted{difference});
    }
}

} // namespace

ReportDocument comparisonReport(const Comparison& comparison, std::span<const RunResult> runs, Theme theme) {
    ReportDocument document;
    document.title = fmt::format("Comparison of {} runs", runs.size());
    document.blocks.emplace_back(ReportHeading{1, document.title});
    document.blocks.emplace_back(runsTable(runs));
    for (const std::string& warning : comparison.warnings) {
        document.blocks.emplace_back(ReportParagraph{"Warning: " + warning, Tone::Doubtful});
    }
    document.blocks.emplace_back(ReportHeading{2, "Figures"});
    document.blocks.emplace_back(figuresTable(comparison, runs));
    document.blocks.emplace_back(
        ReportParagraph{"± is half of a 95 % confidence interval, from how the figure varied within the run; it says "
                        "nothing of how runs vary among each other. 'Same': the difference is not larger than that, or "
                        "does not show in three significant digits.",
                        Tone::Faint});
    document.blocks.emplace_back(ReportHeading{2, "Over time"});
    document.blocks.emplace_back(comparedRates(runs, theme));
    document.blocks.emplace_back(comparedLatencies(runs, theme));
    document.blocks.emplace_back(ReportHeading{2, "End-to-end latencies"});
    document.blocks.emplace_back(drawn("percentiles", comparedPercentiles(runs, theme), theme));
    addScenarios(document.blocks, runs);
    return document;
}

} // namespace core
