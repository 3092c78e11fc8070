// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/report/report_document.h"

#include "core/report/report_sections.h"
#include "core/report/run_charts.h"
#include "core/report/run_words.h"

#include <fmt/format.h>

#include <utility>

namespace core {
namespace {

void add(ReportBlocks& to, ReportBlock block) {
    to.push_back(std::move(block));
}

/// A section with a table, left out where it has no rows.
void addSection(ReportBlocks& to, const std::string& heading, ReportTable table) {
    if (table.rows.empty()) {
        return;
    }
    add(to, ReportHeading{2, heading});
    add(to, std::move(table));
}

void addOpening(ReportBlocks& to, const RunResult& result, const std::string& againstBaseline) {
    add(to, ReportHeading{1, result.name});
    add(to, ReportVerdict{result.verdict.status,
                          fmt::format("{} {}", signOf(result.verdict.status), result.verdict.summary)});
    if (!againstBaseline.empty()) {
        add(to, ReportParagraph{againstBaseline});
    }
    add(to, ReportParagraph{fmt::format("Started {}; the measured part took {}, draining {}. Run {}, seed {}.",
                                        result.started, secondsText(result.seconds), secondsText(result.drainSeconds),
                                        result.id, result.seed),
                            Tone::Faint});
    add(to, ReportParagraph{placeText(result) + ".", Tone::Faint});
    for (const std::string& warning : warningsOf(result)) {
        add(to, ReportParagraph{"Warning: " + warning, Tone::Doubtful});
    }
    if (result.verdict.status != VerdictStatus::Passed && !result.samples.empty()) {
        for (ReportBlock& block : saturationBlocks(result)) {
            add(to, std::move(block));
        }
    }
}

void addOverTime(ReportBlocks& to, const RunResult& result, Theme theme) {
    add(to, ReportHeading{2, "Over time" + latencyPlace(result)});
    if (result.samples.empty()) {
        add(to, ReportParagraph{"The run left no samples."});
        return;
    }
    add(to, drawn("rates", ratesChart(result, theme), theme));
    add(to, drawn("latency", latencyChart(result, theme), theme));
    add(to, drawn("heat-map", latencyHeat(result), theme));
}

void addFirstScreen(ReportBlocks& to, const RunResult& result, Theme theme) {
    add(to, ReportHeading{2, "Rules"});
    if (!result.ledger.closed) {
        add(to, ReportParagraph{"Not evaluated: the run's process was killed."});
    } else if (result.verdict.rules.empty()) {
        add(to, ReportParagraph{"None: the scenario names no thresholds."});
    } else {
        add(to, rulesTable(result));
    }
    addOverTime(to, result, theme);
    add(to, ReportHeading{2, "Ledger"});
    add(to, ledgerTable(result.ledger, result.consumedBy));
}

void addLatencies(ReportBlocks& to, const RunResult& result, Theme theme) {
    add(to, ReportHeading{2, "Latencies of the measured part" + latencyPlace(result)});
    add(to,
        ReportParagraph{"From the due time unless it says otherwise. A percentile is shown where at least 10 values "
                        "lie beyond it, else –.",
                        Tone::Faint});
    add(to, latenciesTable(result));
    add(to, drawn("percentiles", percentileCurve(result, theme), theme));
    add(to, drawn("spread", latencySpread(result, theme), theme));
}

void addDetails(ReportBlocks& to, const RunResult& result) {
    const std::string place = latencyPlace(result); // once for all the latencies of a table
    addSection(to, "Streams" + place, streamsTable(result));
    addSection(to, "Tiers" + place, tiersTable(result));
    addSection(to, "Parts of the run that rules name" + place, spansTable(result));
    if (result.consumedBy == ConsumedBy::Millrace) { // of another consumer's filter nobody knows
        addSection(to, "Duplicates", filterTable(result));
    }
    addSection(to, "Resources", resourcesTable(result));
    addSection(to, "Time line", timelineTable(result));
    addSection(to, "Target", factsTable("target", result.target));
    addSection(to, "Host", factsTable("host", result.host));
    addSection(to, "Settings", factsTable("settings", result.settings));
    addSection(to, "Versions", factsTable("versions", result.versions));
    if (result.scenario.empty()) {
        return;
    }
    add(to, ReportHeading{2, "Scenario"});
    add(to, ReportPreformatted{result.scenario});
}

template <typename Block>
std::vector<const Block*> blocksOf(const std::vector<ReportBlock>& blocks) {
    std::vector<const Block*> found;
    for (const ReportBlock& block : blocks) {
        if (const auto* const one = std::get_if<Block>(&block)) {
            found.push_back(one);
        }
    }
    return found;
}

} // namespace

std::vector<const ReportChart*> ReportDocument::charts() const {
    return blocksOf<ReportChart>(blocks);
}

std::vector<const ReportTable*> ReportDocument::tables() const {
    return blocksOf<ReportTable>(blocks);
}

ReportDocument reportOf(const RunResult& result, Theme theme, const std::string& againstBaseline) {
    ReportDocument document;
    document.title = fmt::format("{}: {}", result.name, nameOf(result.verdict.status));
    addOpening(document.blocks, result, againstBaseline);
    addFirstScreen(document.blocks, result, theme);
    addLatencies(document.blocks, result, theme);
    addDetails(document.blocks, result);
    return document;
}

} // namespace core
