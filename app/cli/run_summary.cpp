// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/run_summary.h"

#include "app/cli/text_columns.h"
#include "app/cli/text_table.h"
#include "core/report/run_words.h"
#include "core/text/figure_text.h"
#include "core/verdict/rule_reach.h"
#include "core/verdict/rule_words.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>
#include <vector>

namespace app {
namespace {

using core::countText;
using core::RuleOutcome;
using core::RuleStatus;
using core::RunResult;

constexpr std::string_view kGreen = "\033[32m", kRed = "\033[31m", kYellow = "\033[33m", kPlain = "\033[0m";

std::string coloured(std::string_view text, std::string_view colour, const SummaryStyle& style) {
    return style.coloured ? fmt::format("{}{}{}", colour, text, kPlain) : std::string(text);
}

std::string verdictText(const RunResult& result, const SummaryStyle& style) {
    const std::string sentence = fmt::format("{} {}", signOf(result.verdict.status), result.verdict.summary);
    std::string text;
    for (const std::string& line : wrapWords(sentence, 0, style.width)) {
        text += line + "\n";
    }
    const std::size_t colon = text.find(':');
    if (colon == std::string::npos) {
        return text;
    }
    const bool passed = result.verdict.status == core::VerdictStatus::Passed;
    return coloured(text.substr(0, colon + 1), passed ? kGreen : kRed, style) + text.substr(colon + 1);
}

std::string statusCell(const RuleOutcome& rule, const SummaryStyle& style) {
    const std::string_view colour = rule.status == RuleStatus::Passed   ? kGreen
                                    : rule.status == RuleStatus::Failed ? kRed
                                                                        : kYellow;
    return coloured(core::nameOf(rule.status), colour, style);
}

/// Each remark beside its line, in a column of its own; below, where one of them has no room there.
std::string besides(const std::vector<std::string>& lines, const std::vector<std::string>& remarks, std::size_t width) {
    constexpr std::size_t kGap = 2, kIndent = 6;
    std::size_t column = 0, longest = 0;
    for (std::size_t i = 0; i < lines.size(); ++i) {
        column = std::max(column, columnsOf(lines[i]) + kGap);
        longest = std::max(longest, columnsOf(remarks[i]));
    }
    std::string text;
    for (std::size_t i = 0; i < lines.size(); ++i) {
        if (remarks[i].empty()) {
            text += lines[i] + "\n";
        } else if (column + longest <= width) {
            text += padRight(lines[i], column) + remarks[i] + "\n";
        } else {
            text += lines[i] + "\n";
            for (const std::string& line : wrapWords(remarks[i], kIndent, width)) {
                text += line + "\n";
            }
        }
    }
    return text;
}

std::string rulesText(const RunResult& result, const SummaryStyle& style) {
    if (result.verdict.rules.empty()) {
        return "Rules\n  none: the scenario names no thresholds\n";
    }
    TextTable names("ll");
    std::vector<std::string> remarks;
    for (const RuleOutcome& rule : result.verdict.rules) {
        std::string remark = rule.status == RuleStatus::NotEvaluated ? rule.reason : core::valueText(rule);
        if (const std::string margin = core::marginOf(rule); !margin.empty()) {
            remark += ", " + margin;
        }
        if (rule.brokeAtSeconds) {
            remark += fmt::format(", since {:.1f} s", *rule.brokeAtSeconds);
        }
        names.row({statusCell(rule, style), nameOf(rule.rule)});
        remarks.push_back(std::move(remark));
    }
    return "Rules\n" + besides(names.lines(), remarks, style.width);
}

std::string parts(std::initializer_list<std::pair<std::string_view, std::uint64_t>> counts) {
    std::string text;
    for (const auto& [name, count] : counts) {
        if (count > 0) {
            text += fmt::format("{}{} {}", text.empty() ? "" : ", ", name, countText(count));
        }
    }
    return text.empty() ? "" : "(" + text + ")";
}

std::string ledgerText(const core::Ledger& ledger, core::ConsumedBy consumedBy) {
    const auto& producer = ledger.producer;
    const auto& consumer = ledger.consumer;
    TextTable table("lrlr");
    const auto hidden = core::whyInsideIsHidden(consumedBy);
    const auto inside = [&hidden](std::uint64_t count) { return hidden ? std::nullopt : std::optional(count); };
    const auto behind = [nothing = core::whyStoreIsHidden(consumedBy).has_value()](std::uint64_t count) {
        return nothing ? std::nullopt : std::optional(count);
    };
    const auto row = [&table](std::string_view left, std::optional<std::uint64_t> a, std::string_view right,
                              std::optional<std::uint64_t> b, std::string remark = {}) {
        const auto cell = [](std::optional<std::uint64_t> count) { return count ? countText(*count) : "–"; };
        table.row({std::string(left), cell(a), "   " + std::string(right), cell(b), std::move(remark)});
    };
    row("planned", producer.planned, "polled", inside(consumer.polled), hidden.value_or(""));
    row("  sent", producer.sent, "  stored", behind(consumer.stored));
    row("    acked", producer.acked, "  duplicate", inside(consumer.duplicate()),
        parts({{"filter", consumer.duplicateFilter},
               {"batch", consumer.duplicateBatch},
               {"store", consumer.duplicateStore}}));
    row("    failed", producer.failed, "  dead-lettered", inside(consumer.deadLettered));
    row("    in doubt", producer.inDoubt, "foreign", behind(consumer.foreign));
    row("  unsent", producer.unsent, "abandoned", inside(consumer.abandoned));
    row("  shed", producer.shed, "undrained", behind(ledger.ids.undrained));
    row("lost", behind(ledger.ids.lost), "doubled", behind(ledger.ids.doubled),
        parts({{"recovered", ledger.ids.recovered},
               {"missing", ledger.ids.missing},
               {"unexpected", ledger.ids.unexpected},
               {"reordered", ledger.ids.reordered}}));
    return "Ledger (events)\n" + table.text();
}

std::string ratesText(const RunResult& result) {
    std::string text = fmt::format(
        "Rates of the measured {}\n  target {} → sent {} → acked {} → stored {}\n", core::secondsText(result.seconds),
        core::rateText({result.targetRate}), core::rateText({result.sentRate}), core::rateText({result.ackedRate}),
        core::whyStoreIsHidden(result.consumedBy) ? "–" : core::rateText({result.storedRate}));
    if (result.drainSeconds > 0) {
        text += fmt::format("  drained {} after the end of the load\n", core::secondsText(result.drainSeconds));
    }
    return text;
}

std::string latenciesText(const RunResult& result) {
    TextTable table("lrrrrrr");
    table.row({"", "p50", "p90", "p99", "p99.9", "max", "events"});
    for (const core::Metric metric : core::kMetrics) {
        const core::LatencyHistogram& histogram = of(result.latency, metric);
        std::vector<std::string> cells{std::string(core::titleOf(metric))};
        for (const double percentile : {50.0, 90.0, 99.0, 99.9}) {
            cells.push_back(core::percentileText(histogram, percentile));
        }
        cells.push_back(core::latencyText(histogram.max()));
        cells.push_back(countText(histogram.count()));
        table.row(std::move(cells));
    }
    return "Latencies, from the due time unless it says otherwise\n" + table.text();
}

std::string placeLines(const RunResult& result, const SummaryStyle& style) {
    std::string lines;
    for (const std::string& line : wrapWords(core::placeText(result), 0, style.width)) {
        lines += line + "\n";
    }
    return lines;
}

std::string warningsText(const RunResult& result) {
    std::string text;
    for (const std::string& warning : core::warningsOf(result)) {
        text += "  " + warning + "\n";
    }
    return text.empty() ? text : "Warnings\n" + text + "\n";
}

} // namespace

std::string summaryText(const RunResult& result, const std::filesystem::path& directory, const SummaryStyle& style) {
    std::string text = verdictText(result, style) + "\n" + rulesText(result, style) + "\n" +
                       ledgerText(result.ledger, result.consumedBy) + "\n" + ratesText(result) + "\n" +
                       latenciesText(result) + "\n" + warningsText(result) + placeLines(result, style);
    if (!directory.empty()) {
        text += fmt::format("Files: {} (result.json, samples.csv, a .hgrm for each latency)\n", directory.string());
    }
    const bool scrolledOff = style.rows > 0 && static_cast<std::size_t>(std::ranges::count(text, '\n')) >= style.rows;
    return scrolledOff ? text + "\n" + verdictText(result, style) : text;
}

} // namespace app
