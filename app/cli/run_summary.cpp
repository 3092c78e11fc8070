#include "app/cli/run_summary.h"

#include "app/cli/text_columns.h"
#include "core/verdict/figure_text.h"
#include "core/verdict/threshold.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>
#include <utility>
#include <vector>

namespace app {
namespace {

using core::countText;
using core::Metric;
using core::RuleOutcome;
using core::RuleStatus;
using core::RunResult;

/// Rows of cells; columns as wide as their widest cell, two blanks between them.
class Table {
public:
    explicit Table(std::string_view alignment) : m_alignment(alignment) {}

    void row(std::vector<std::string> cells) { m_rows.push_back(std::move(cells)); }

    std::string text() const {
        std::string text;
        for (const auto& cells : m_rows) {
            std::string line = " ";
            for (std::size_t i = 0; i < cells.size(); ++i)
                line += " " + aligned(cells[i], i) + " ";
            text += line.substr(0, line.find_last_not_of(' ') + 1) + "\n";
        }
        return text;
    }

private:
    std::string aligned(const std::string& cell, std::size_t column) const {
        std::size_t width = 0;
        for (const auto& cells : m_rows)
            width = std::max(width, column < cells.size() ? columnsOf(cells[column]) : 0);
        const bool toTheRight = column < m_alignment.size() && m_alignment[column] == 'r';
        return toTheRight ? padLeft(cell, width) : padRight(cell, width);
    }

    std::string_view m_alignment; // a letter a column: l or r
    std::vector<std::vector<std::string>> m_rows;
};

constexpr std::string_view kNoMargin = "exactly at the limit"; // says nothing that the value does not
constexpr std::string_view kGreen = "\033[32m", kRed = "\033[31m", kYellow = "\033[33m", kPlain = "\033[0m";

std::string coloured(std::string_view text, std::string_view colour, const SummaryStyle& style) {
    return style.coloured ? fmt::format("{}{}{}", colour, text, kPlain) : std::string(text);
}

std::string verdictText(const RunResult& result, const SummaryStyle& style) {
    std::string text;
    for (const std::string& line : wrapWords(result.verdict.summary, 0, style.width))
        text += line + "\n";
    const std::size_t colon = text.find(':');
    if (colon == std::string::npos)
        return text;
    const bool passed = result.verdict.status == core::VerdictStatus::Passed;
    return coloured(text.substr(0, colon + 1), passed ? kGreen : kRed, style) + text.substr(colon + 1);
}

std::string statusCell(const RuleOutcome& rule, const SummaryStyle& style) {
    const std::string_view colour = rule.status == RuleStatus::Passed   ? kGreen
                                    : rule.status == RuleStatus::Failed ? kRed
                                                                        : kYellow;
    return coloured(core::nameOf(rule.status), colour, style);
}

std::string rulesText(const RunResult& result, const SummaryStyle& style) {
    if (result.verdict.rules.empty())
        return "Rules\n  none: the scenario names no thresholds\n";
    Table table("lll");
    for (const RuleOutcome& rule : result.verdict.rules) {
        std::string remark = rule.status == RuleStatus::NotEvaluated ? rule.reason : rule.value;
        if (rule.status != RuleStatus::NotEvaluated && !rule.margin.empty() && rule.margin != kNoMargin)
            remark += ", " + rule.margin;
        if (rule.brokeAtSeconds)
            remark += fmt::format(", from {:.1f} s on", *rule.brokeAtSeconds);
        const std::string during = rule.during.empty() ? "" : " during " + rule.during;
        table.row({statusCell(rule, style), rule.rule + during, remark});
    }
    return "Rules\n" + table.text();
}

std::string parts(std::initializer_list<std::pair<std::string_view, std::uint64_t>> counts) {
    std::string text;
    for (const auto& [name, count] : counts)
        if (count > 0)
            text += fmt::format("{}{} {}", text.empty() ? "" : ", ", name, countText(count));
    return text.empty() ? "" : "(" + text + ")";
}

std::string ledgerText(const core::Ledger& ledger) {
    const auto& producer = ledger.producer;
    const auto& consumer = ledger.consumer;
    Table table("lrlr");
    const auto row = [&table](std::string_view left, std::uint64_t a, std::string_view right, std::uint64_t b,
                              std::string remark = {}) {
        table.row({std::string(left), countText(a), "   " + std::string(right), countText(b), std::move(remark)});
    };
    row("planned", producer.planned, "polled", consumer.polled);
    row("  sent", producer.sent, "  stored", consumer.stored);
    row("    acked", producer.acked, "  duplicate", consumer.duplicate(),
        parts({{"filter", consumer.duplicateFilter},
               {"batch", consumer.duplicateBatch},
               {"store", consumer.duplicateStore}}));
    row("    failed", producer.failed, "  dead-lettered", consumer.deadLettered);
    row("    in doubt", producer.inDoubt, "foreign", consumer.foreign);
    row("  unsent", producer.unsent, "abandoned", consumer.abandoned);
    row("  shed", producer.shed, "undrained", ledger.ids.undrained);
    row("lost", ledger.ids.lost, "doubled", ledger.ids.doubled,
        parts({{"recovered", ledger.ids.recovered},
               {"unexpected", ledger.ids.unexpected},
               {"reordered", ledger.ids.reordered}}));
    return "Ledger (events)\n" + table.text();
}

std::string ratesText(const RunResult& result) {
    std::string text = fmt::format(
        "Rates of the measured {}\n  target {} → sent {} → acked {} → stored {}\n",
        core::durationText(std::chrono::round<core::Nanoseconds>(std::chrono::duration<double>(result.seconds))),
        core::rateText({result.targetRate}), core::rateText({result.sentRate}), core::rateText({result.ackedRate}),
        core::rateText({result.storedRate}));
    if (result.drainSeconds > 0)
        text += fmt::format("  drained {} after the end of the load\n",
                            core::durationText(std::chrono::round<core::Nanoseconds>(
                                std::chrono::duration<double>(result.drainSeconds))));
    return text;
}

std::string microsText(std::optional<std::uint64_t> micros) {
    return micros ? core::durationText(std::chrono::microseconds(*micros)) : "–";
}

std::string latencyText(const RunResult& result) {
    constexpr std::array kRows{
        std::pair{Metric::SendDelay, "send delay"},
        std::pair{Metric::Ack, "ack"},
        std::pair{Metric::AckUncorrected, "ack, from sending"},
        std::pair{Metric::Processing, "processing, from polling"},
        std::pair{Metric::EndToEnd, "end-to-end"},
        std::pair{Metric::EndToEndUncorrected, "end-to-end, from sending"},
    };
    Table table("lrrrrrr");
    table.row({"", "p50", "p90", "p99", "p99.9", "max", "events"});
    for (const auto& [metric, name] : kRows) {
        const core::LatencyHistogram& histogram = of(result.latency, metric);
        std::vector<std::string> cells{name};
        for (const double percentile : {50.0, 90.0, 99.0, 99.9}) {
            const bool enough = histogram.count() >= core::valuesNeeded(percentile);
            cells.push_back(microsText(enough ? histogram.percentile(percentile) : std::nullopt));
        }
        cells.push_back(microsText(histogram.max()));
        cells.push_back(countText(histogram.count()));
        table.row(std::move(cells));
    }
    return "Latencies, from the due time unless it says otherwise\n" + table.text();
}

std::string valueOr(const std::map<std::string, std::string>& facts, const std::string& name, std::string_view other) {
    const auto found = facts.find(name);
    return found == facts.end() || found->second.empty() ? std::string(other) : found->second;
}

std::string placeText(const RunResult& result, const SummaryStyle& style) {
    const std::string broker = valueOr(result.target, "broker", "unknown");
    const std::string version = valueOr(result.target, "broker.version", "");
    const bool embedded = broker == "embedded";
    std::string text =
        fmt::format("Ran on {}{}; store {}; duplicate filter {}; {} cores of {}, {}",
                    embedded ? "the embedded broker (its latencies are not Kafka's)" : broker,
                    embedded || version.empty() ? "" : " (" + version + ")", valueOr(result.target, "store", "unknown"),
                    valueOr(result.target, "dedupe", "unknown"), valueOr(result.host, "cores", "?"),
                    valueOr(result.host, "cpu", "an unknown CPU"), valueOr(result.host, "memory", "unknown memory"));
    std::string lines;
    for (const std::string& line : wrapWords(text, 0, style.width))
        lines += line + "\n";
    return lines;
}

/// What a reader of the figures should know and what no other part says.
std::string warningsText(const RunResult& result) {
    std::string text;
    for (const core::Mark& mark : result.timeline)
        if (mark.kind == "warning" || mark.kind == "error")
            text += fmt::format("  {:.1f} s  {}\n", std::max(mark.seconds, 0.0), mark.text);
    for (const char* const name : {"fsync", "synchronous_commit"})
        if (valueOr(result.target, std::string("store.") + name, "") == "off")
            text += fmt::format("  the store runs with {} off: it may lose what it has confirmed\n", name);
    if (result.filterBypassed > 0)
        text += fmt::format("  {} events went past the duplicate filter, which was unavailable\n",
                            countText(result.filterBypassed));
    if (result.negativeLatencies > 0)
        text += fmt::format("  {} latencies were negative and left out: a clock was wrong\n",
                            countText(result.negativeLatencies));
    return text.empty() ? text : "Warnings\n" + text + "\n";
}

} // namespace

std::string summaryText(const RunResult& result, const std::filesystem::path& directory, const SummaryStyle& style) {
    std::string text = verdictText(result, style) + "\n" + rulesText(result, style) + "\n" + ledgerText(result.ledger) +
                       "\n" + ratesText(result) + "\n" + latencyText(result) + "\n" + warningsText(result) +
                       placeText(result, style);
    if (!directory.empty())
        text += fmt::format("Files: {} (result.json, samples.csv, a .hgrm for each latency)\n", directory.string());
    return text;
}

} // namespace app
