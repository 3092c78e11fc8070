// SPDX-License-Identifier: GPL-3.0-or-later
// What a report says after the first screen.
#include "core/measure/mark_groups.h"
#include "core/report/report_sections.h"
#include "core/report/run_words.h"
#include "core/text/figure_text.h"
#include "core/text/plain_number.h"

#include <fmt/format.h>

#include <algorithm>

namespace core {
namespace {

std::vector<ReportColumn> countsAndLatency(const std::string& first, ReportColumn second) {
    return {{first},
            std::move(second),
            {"planned", true},
            {"acked", true},
            {"stored", true},
            {"duplicate", true},
            {"dead-lettered", true},
            {"unsent", true},
            {"shed", true},
            {"send delay p99", true, "ms"},
            {"end-to-end p50", true, "ms"},
            {"end-to-end p99", true, "ms"},
            {"max", true, "ms"}};
}

std::vector<ReportCell> rowOf(const StreamSnapshot& stream, std::string first, ReportCell second) {
    const LatencyHistogram& whole = of(stream.latency, Metric::EndToEnd);
    return {{std::move(first)},
            std::move(second),
            countCell(stream.producer.planned),
            countCell(stream.producer.acked),
            countCell(stream.stored),
            countCell(stream.duplicate),
            countCell(stream.deadLettered),
            countCell(stream.producer.unsent),
            countCell(stream.producer.shed),
            percentileCell(of(stream.latency, Metric::SendDelay), 99),
            percentileCell(whole, 50),
            percentileCell(whole, 99),
            latencyCell(whole.max())};
}

StreamSnapshot sumOf(const std::vector<StreamSnapshot>& streams, Tier tier) {
    StreamSnapshot sum;
    for (const StreamSnapshot& stream : streams) {
        if (stream.tier != tier) {
            continue;
        }
        sum.producer += stream.producer;
        sum.stored += stream.stored;
        sum.duplicate += stream.duplicate;
        sum.deadLettered += stream.deadLettered;
        for (const Metric metric : kMetrics) {
            of(sum.latency, metric).add(of(stream.latency, metric));
        }
    }
    return sum;
}

ReportCell shareCell(std::uint64_t part, std::uint64_t whole) {
    if (whole == 0) {
        return {"–"};
    }
    const double share = static_cast<double>(part) / static_cast<double>(whole);
    return {percentText(share), Tone::Plain, plainNumber(share * 100, kDecimalsOfShares)};
}

/// Only where something was sampled: –.
ReportCell coresCell(bool known, double cores) {
    return known ? ReportCell{figureText(cores), Tone::Plain, plainNumber(cores)} : ReportCell{"–"};
}

} // namespace

ReportTable streamsTable(const RunResult& result) {
    ReportTable table{"streams", "", countsAndLatency("stream", {"tier"}), {}};
    for (const StreamSnapshot& stream : result.streams) {
        table.rows.push_back(rowOf(stream, stream.name, {std::string(nameOf(stream.tier))}));
    }
    return withPlace(std::move(table), result);
}

ReportTable tiersTable(const RunResult& result) {
    ReportTable table{"tiers", "", countsAndLatency("tier", {"streams", true}), {}};
    for (const Tier tier : kTiers) {
        const auto streams = static_cast<std::uint64_t>(
            std::count_if(result.streams.begin(), result.streams.end(),
                          [tier](const StreamSnapshot& stream) { return stream.tier == tier; }));
        if (streams > 0) {
            table.rows.push_back(rowOf(sumOf(result.streams, tier), std::string(nameOf(tier)), countCell(streams)));
        }
    }
    return withPlace(std::move(table), result);
}

ReportTable spansTable(const RunResult& result) {
    ReportTable table{"parts",
                      "",
                      {{"part"},
                       {"length", true, "s"},
                       {"planned", true},
                       {"stored", true},
                       {"end-to-end p50", true, "ms"},
                       {"end-to-end p99", true, "ms"},
                       {"max", true, "ms"}},
                      {}};
    for (const SpanSnapshot& span : result.spans) {
        const LatencyHistogram& whole = of(span.latency, Metric::EndToEnd);
        table.rows.push_back({{span.name},
                              {durationText(span.length), Tone::Plain, plainNumber(secondsOf(span.length))},
                              countCell(span.planned),
                              countCell(span.stored),
                              percentileCell(whole, 50),
                              percentileCell(whole, 99),
                              latencyCell(whole.max())});
    }
    return withPlace(std::move(table), result);
}

ReportTable filterTable(const RunResult& result) {
    const ConsumerCounts& counts = result.ledger.consumer;
    const std::uint64_t all = counts.duplicate();
    return {"duplicates",
            "",
            {{"duplicates"}, {"events", true}, {"share", true, "%"}},
            {{{"caught by the duplicate filter, which saved the database the work"},
              countCell(counts.duplicateFilter),
              shareCell(counts.duplicateFilter, all)},
             {{"found twice in one batch"}, countCell(counts.duplicateBatch), shareCell(counts.duplicateBatch, all)},
             {{"found by the store's primary key"},
              countCell(counts.duplicateStore),
              shareCell(counts.duplicateStore, all)},
             {{"not asked of the filter, which was unavailable"},
              countCell(result.filterBypassed),
              shareCell(result.filterBypassed, counts.polled)}}};
}

ReportTable resourcesTable(const RunResult& result) {
    double process = 0, machine = 0, weight = 0, highestProcess = 0, highestMachine = 0;
    Bytes memory;
    for (const Sample& sample : result.samples) {
        const double length = sample.until - sample.from;
        process += sample.processCpu * length;
        machine += sample.machineCpu * length;
        weight += length;
        highestProcess = std::max(highestProcess, sample.processCpu);
        highestMachine = std::max(highestMachine, sample.machineCpu);
        memory = std::max(memory, sample.residentSet);
    }
    const bool known = weight > 0;
    const ReportCell most{bytesText(memory), Tone::Plain, std::to_string(memory.count)};
    return {"resources",
            "",
            {{"resources"},
             {"CPU of this process (cores)", true},
             {"CPU of the machine (cores)", true},
             {"memory of this process", true, "B"}},
            {{{"mean"}, coresCell(known, process / weight), coresCell(known, machine / weight), {"–"}},
             {{"highest"},
              coresCell(known, highestProcess),
              coresCell(known, highestMachine),
              known ? most : ReportCell{"–"}}}};
}

ReportTable timelineTable(const RunResult& result) {
    ReportTable table{"timeline", "", {{"at", true, "s"}, {"what"}, {"details"}}, {}};
    for (const Mark& mark : rebalancesTogether(marksOf(result))) {
        const bool bad = mark.kind == MarkKind::Error || mark.kind == MarkKind::Rule || mark.kind == MarkKind::Outage;
        const Tone tone = bad ? Tone::Bad : isTrouble(mark.kind) ? Tone::Doubtful : Tone::Plain;
        table.rows.push_back(
            {secondsCell(std::max(mark.seconds, 0.0)), {std::string(nameOf(mark.kind)), tone}, {textOf(mark)}});
    }
    return table;
}

ReportTable factsTable(const std::string& name, const std::map<std::string, std::string>& facts) {
    ReportTable table{name, "", {{"name"}, {"value"}}, {}};
    for (const auto& [fact, value] : facts) {
        table.rows.push_back({{fact}, {value}});
    }
    return table;
}

} // namespace core
