// SPDX-License-Identifier: GPL-3.0-or-later
// What a reader of a report sees first.
#include "core/analysis/saturation.h"
#include "core/analysis/step_shares.h"
#include "core/report/report_sections.h"
#include "core/report/run_words.h"
#include "core/text/figure_text.h"
#include "core/verdict/rule_reach.h"
#include "core/verdict/rule_words.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

namespace core {
namespace {

Tone toneOf(RuleStatus status) {
    switch (status) {
    case RuleStatus::Passed:
        return Tone::Good;
    case RuleStatus::Failed:
        return Tone::Bad;
    case RuleStatus::NotEvaluated:
        return Tone::Doubtful;
    }
    return Tone::Plain;
}

/// "< 45ms", as the scenario has it.
std::string limitOf(const Threshold& rule) {
    return rule.text.substr(std::min(rule.text.find_first_of("<>="), rule.text.size()));
}

/// The unit of a rule's value and limit in a file, and what turns them into it.
std::pair<std::string_view, double> dataUnitOf(const Threshold& rule) {
    switch (unitOf(rule)) {
    case RuleUnit::Micros:
        return {"ms", 1e-3};
    case RuleUnit::PerSecond:
        return {"events/s", 1};
    case RuleUnit::Share:
        return {rule.ofTarget ? "% of target" : "%", 100};
    case RuleUnit::Events:
        return {"events", 1};
    }
    return {};
}

std::string valueOf(const RuleOutcome& rule, const RunResult& result) {
    if (rule.status == RuleStatus::NotEvaluated) {
        return "–: " + rule.reason;
    }
    const std::string margin = marginOf(rule);
    const bool latency = rule.rule.quantity == Threshold::Quantity::Latency;
    return valueText(rule) + (latency ? latencyPlace(result) : "") + (margin.empty() ? "" : ", " + margin);
}

std::vector<ReportCell> ledgerRow(std::string_view name, std::uint64_t count, std::string_view meaning,
                                  bool mustBeNone = false) {
    const Tone tone = !mustBeNone ? Tone::Plain : count == 0 ? Tone::Good : Tone::Bad;
    return {{std::string(name)}, countCell(count, tone), {std::string(meaning), Tone::Faint}};
}

std::vector<ReportCell> unknownRow(std::string_view name, std::string_view meaning) {
    return {{std::string(name)}, {"–", Tone::Doubtful}, {std::string(meaning) + ": not known", Tone::Faint}};
}

std::vector<ReportCell> hiddenRow(std::string_view name, const std::string& why) {
    return {{std::string(name)}, {"–", Tone::Doubtful}, {why, Tone::Faint}};
}

} // namespace

ReportTable rulesTable(const RunResult& result) {
    const ReportColumn brokeAt{"broke at", true, "s"};
    ReportTable table{"rules", "", {{"rule"}, {"value"}, {"limit"}, {"status"}, brokeAt}, {}};
    const std::string name = "rule" + latencyPlace(result);
    ReportTable data{"rules", "", {{name}, {"value", true}, {"limit", true}, {"unit"}, {"status"}, brokeAt}, {}};
    for (const RuleOutcome& rule : result.verdict.rules) {
        const ReportCell status{std::string(nameOf(rule.status)), toneOf(rule.status)};
        const ReportCell at = rule.brokeAtSeconds ? secondsCell(*rule.brokeAtSeconds) : ReportCell{"–"};
        const auto [unit, size] = dataUnitOf(rule.rule);
        table.rows.push_back({{nameOf(rule.rule)}, {valueOf(rule, result)}, {limitOf(rule.rule)}, status, at});
        data.rows.push_back({{nameOf(rule.rule)},
                             rule.value ? plainCell(*rule.value * size, kDecimalsOfShares) : ReportCell{},
                             plainCell(rule.rule.limit * size, kDecimalsOfShares),
                             {std::string(unit)},
                             status,
                             at});
    }
    table.data.push_back(std::move(data));
    return table;
}

ReportTable ledgerTable(const Ledger& ledger, ConsumedBy consumedBy) {
    constexpr std::string_view kReordered = "were stored before an earlier one of the same key";
    const ProducerCounts& producer = ledger.producer;
    const ConsumerCounts& consumer = ledger.consumer;
    const IdCounts& ids = ledger.ids;
    const auto inside = [hidden = whyInsideIsHidden(consumedBy)](std::string_view name, std::uint64_t count,
                                                                 std::string_view meaning) {
        return hidden ? hiddenRow(name, *hidden) : ledgerRow(name, count, meaning);
    };
    const auto behind = [hidden = whyStoreIsHidden(consumedBy)](std::string_view name, std::uint64_t count,
                                                                std::string_view meaning) {
        return hidden ? hiddenRow(name, *hidden) : ledgerRow(name, count, meaning);
    };
    const auto idRow = [closed = ledger.closed &&
                                 !whyStoreIsHidden(consumedBy)](std::string_view name, std::uint64_t count,
                                                                std::string_view meaning, bool mustBeNone = false) {
        return closed ? ledgerRow(name, count, meaning, mustBeNone) : unknownRow(name, meaning);
    };
    return {"ledger",
            "",
            {{"events"}, {"count", true}, {"that"}},
            {ledgerRow("planned", producer.planned, "were due"),
             ledgerRow("sent", producer.sent, "were handed to the producer"),
             ledgerRow("acked", producer.acked, "the broker confirmed"),
             ledgerRow("failed", producer.failed, "the broker surely has not"),
             ledgerRow("in doubt", producer.inDoubt, "the broker may have"),
             ledgerRow("unsent", producer.unsent, "could not be handed over in time"),
             ledgerRow("shed", producer.shed, "were given up under pressure (analytics tier only)"),
             inside("polled", consumer.polled, "the consumer read and committed"),
             behind("stored", consumer.stored, "became rows"),
             inside("duplicate", consumer.duplicate(), "came again and were kept out"),
             inside("dead-lettered", consumer.deadLettered, "could not be read and were put aside"),
             behind("foreign", consumer.foreign, "are not of this run, of the polled ones"),
             inside("abandoned", consumer.abandoned, "were polled, rolled back and polled again"),
             idRow("recovered", ids.recovered, "were in doubt and are stored"),
             idRow("missing", ids.missing, "were in doubt and did not arrive"),
             idRow("unexpected", ids.unexpected, "were reported as failed and are stored", true),
             ledger.closed ? inside("reordered", ids.reordered, kReordered) : unknownRow("reordered", kReordered),
             idRow("undrained", ids.undrained, "were not stored when the drain limit struck", true),
             idRow("lost", ids.lost, "were acked and are neither stored nor dead-lettered", true),
             idRow("doubled", ids.doubled, "were stored twice", true)}};
}

ReportTable latenciesTable(const RunResult& result) {
    ReportTable table{"latencies",
                      "",
                      {{"latency"},
                       {"mean", true, "ms"},
                       {"p50", true, "ms"},
                       {"p90", true, "ms"},
                       {"p95", true, "ms"},
                       {"p99", true, "ms"},
                       {"p99.9", true, "ms"},
                       {"p99.99", true, "ms"},
                       {"max", true, "ms"},
                       {"events", true}},
                      {}};
    for (const Metric metric : kMetrics) {
        const LatencyHistogram& histogram = of(result.latency, metric);
        const auto mean = histogram.mean();
        std::vector<ReportCell> row{
            {std::string(titleOf(metric))},
            latencyCell(mean ? std::optional(static_cast<std::uint64_t>(std::llround(*mean))) : std::nullopt)};
        for (const double percentile : {50.0, 90.0, 95.0, 99.0, 99.9, 99.99}) {
            row.push_back(percentileCell(histogram, percentile));
        }
        row.push_back(latencyCell(histogram.max()));
        row.push_back(countCell(histogram.count()));
        table.rows.push_back(std::move(row));
    }
    return withPlace(std::move(table), result);
}

/// Which step of the way took how long at p99, before and after the first rule broke; of the whole run where none did.
std::optional<ReportTable> stepsTable(const RunResult& result) {
    constexpr double kAfter = 10; // seconds from when a rule broke: what came then
    constexpr std::size_t kBar = 20;
    const double end = std::numeric_limits<double>::max();
    const std::optional<double> broke = firstBreak(result);
    struct Part {
        std::string title;
        std::optional<StepShares> shares;
    };
    std::vector<Part> parts;
    if (broke) {
        parts.push_back({"before the rule broke", stepShares(result, 0, *broke)});
        parts.push_back({"in the 10 s after", stepShares(result, std::floor(*broke), *broke + kAfter)});
    } else {
        parts.push_back({"whole run", stepShares(result, 0, end)});
    }
    std::erase_if(parts, [](const Part& part) { return !part.shares; });
    if (parts.empty()) {
        return std::nullopt;
    }
    ReportTable table{"steps", "Steps of an event's way, at p99" + latencyPlace(result), {{"step"}}, {}};
    for (const Part& part : parts) {
        table.columns.push_back({part.title, true, "ms"});
        table.columns.push_back({"share"});
    }
    for (const Step step : kSteps) {
        std::vector<ReportCell> row{{std::string(nameOf(step))}};
        for (const Part& part : parts) {
            const double share = part.shares->shareOf(step);
            std::string bar;
            for (std::size_t i = 0; i < static_cast<std::size_t>(std::lround(share * kBar)); ++i) {
                bar += "█";
            }
            row.push_back(latencyCell(part.shares->p99.at(static_cast<std::size_t>(step))));
            row.push_back({fmt::format("{} {:.0f} %", bar, share * 100)});
        }
        table.rows.push_back(std::move(row));
    }
    return withPlace(std::move(table), result);
}

ReportBlocks saturationBlocks(const RunResult& result) {
    ReportBlocks blocks{ReportHeading{2, "Bottleneck"}};
    const std::vector<Strain> strains = strainsOf(result);
    if (strains.empty()) {
        blocks.emplace_back(ReportParagraph{headroomText(result)});
        if (auto steps = stepsTable(result)) {
            blocks.emplace_back(*std::move(steps));
        }
        return blocks;
    }
    blocks.emplace_back(
        ReportParagraph{fmt::format("As far as time line and samples show, first of all: {}.", strains.front().what)});
    for (const Strain& strain : strains) {
        blocks.emplace_back(ReportParagraph{strain.evidence});
    }
    return blocks;
}

} // namespace core
