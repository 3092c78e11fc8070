// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/audit_text.h"

#include "app/cli/text_columns.h"
#include "app/cli/text_table.h"
#include "core/ports/audited_rows.h"
#include "core/text/count_text.h"
#include "core/text/figure_text.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace app {

namespace {

constexpr std::string_view kNotKnown = "–";

std::string wrapped(const std::string& text, std::size_t indent, std::size_t width) {
    std::string lines;
    for (const std::string& line : wrapWords(text, indent, width)) {
        lines += line + "\n";
    }
    return lines;
}

std::string latencyCells(const core::LatencyHistogram& latency) {
    std::string text;
    for (const double percentile : {50.0, 90.0, 99.0, 99.9}) {
        const auto value = latency.percentile(percentile);
        const bool enough = value && latency.count() >= core::valuesNeeded(percentile);
        text += fmt::format("p{} {}, ", percentile,
                            enough ? core::durationText(std::chrono::microseconds(*value)) : std::string(kNotKnown));
    }
    return text + "max " + core::durationText(std::chrono::microseconds(latency.max().value_or(0)));
}

std::string countsTable(const core::RunAudit& run) {
    TextTable table("lrl");
    const auto row = [&table](const char* name, const std::string& figure, const std::string& remark = {}) {
        table.row({fmt::format("  {}", name), figure, remark});
    };
    const auto count = [](std::uint64_t value) { return core::countText(value); };
    const bool acked = run.knowsAcked();
    if (acked) {
        row("acked", count(run.acked),
            run.known->killed ? "as its journal had it; the last second of a killed run is not in it" : "");
    } else {
        row("acked", std::string(kNotKnown), run.known ? run.known->whyNot : "no result of this run is known");
    }
    row("stored", count(run.found.stored()));
    if (acked) {
        row("lost", count(run.lost), run.examples.empty() ? "" : fmt::format("{}", fmt::join(run.examples, ", ")));
        if (run.deadLettered > 0) {
            row("dead-lettered", count(run.deadLettered), "in no row; so many were, as its result says");
        }
        if (run.unacknowledged > 0) {
            row("unacknowledged", count(run.unacknowledged), "stored, and in doubt or reported failed");
        }
    } else {
        row("missing", count(run.found.gaps()),
            "between the first and the last seen of each stream: lost or never sent");
    }
    row("doubled", count(run.found.doubled()), run.found.doubled() > 0 ? "rows beyond the first of their id" : "");
    return table.text();
}

std::string runText(const core::RunAudit& run, const core::AuditReport& report, std::size_t width) {
    std::string text = run.title() + "\n" + countsTable(run);
    if (run.found.latency.count() > 0) {
        text += wrapped("  stored − due: " + latencyCells(run.found.latency), 4, width);
    } else if (report.storedAtSource == nameOf(core::StoredAtSource::None)) {
        text += fmt::format("  stored − due: {}\n", kNotKnown);
    }
    if (run.found.withoutTime > 0 && report.storedAtSource != nameOf(core::StoredAtSource::None)) {
        text += wrapped(fmt::format("  {} not say when they were stored, and are in no percentile.",
                                    run.found.withoutTime == 1 ? "1 row does"
                                                               : core::counted(run.found.withoutTime, "row") + " do"),
                        4, width);
    }
    if (run.found.negative > 0) {
        text += wrapped(
            fmt::format("  {} stored before they were due, by the two clocks, and in no percentile.",
                        run.found.negative == 1 ? "1 row was" : core::counted(run.found.negative, "row") + " were"),
            4, width);
    }
    return text;
}

} // namespace

std::string auditText(const core::AuditReport& report, std::size_t width) {
    std::string text = wrapped(report.summary() + ".", 0, width) + "\n";
    text += wrapped(fmt::format("{} at {}: {} in {:.1f} s", report.table, report.server,
                                core::counted(report.rows, "row"), report.seconds),
                    2, width);
    text += wrapped(report.storedAt, 2, width);
    if (!report.clockWarning.empty()) {
        text += wrapped(report.clockWarning, 2, width);
    }
    for (const core::RunAudit& run : report.runs) {
        text += "\n" + runText(run, report, width);
    }
    TextTable rest("lrl");
    rest.row({"foreign", core::countText(report.foreign), "rows whose id is of no run"});
    if (report.otherRuns > 0) {
        rest.row({"of other runs", core::countText(report.otherRuns), "not asked for"});
    }
    return text + "\n" + rest.text();
}

} // namespace app
