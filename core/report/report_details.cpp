// SPDX-License-Identifier: GPL-3.0-or-later
// What a report says after the first screen.
#include "core/report/report_sections.h"
#include "core/report/run_words.h"
#include "core/text/figure_text.h"

#include <fmt/format.h>

#include <algorithm>

namespace core {
namespace {

std::vector<ReportColumn> countsAndLatency(const std::string& first, const std::string& second,
                                           const RunResult& result) {
    const std::string place = latencyPlace(result);
    return {{first},
            {second},
            {"planned", true},
            {"acked", true},
            {"stored", true},
            {"duplicate", true},
            {"dead-lettered", true},
            {"unsent", true},
            {"shed", true},
            {"send delay p99" + place, true},
            {"end-to-end p50" + place, true},
            {"end-to-end p99" + place, true},
            {"max" + place, true}};
}

std::vector<ReportCell> rowOf(const StreamSnapshot& stream, std::string first, std::string second) {
    const LatencyHistogram& whole = of(stream.latency, Metric::EndToEnd);
    return {{std::move(first)},
            {std::move(second)},
            {countText(stream.producer.planned)},
            {countText(stream.producer.acked)},
            {countText(stream.stored)},
            {countText(stream.duplicate)},
            {countText(stream.deadLettered)},
            {countText(stream.producer.unsent)},
            {countText(stream.producer.shed)},
            {percentileText(of(stream.latency, Metric::SendDelay), 99)},
            {percentileText(whole, 50)},
            {percentileText(whole, 99)},
            {latencyText(whole.max())}};
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

std::string shareText(std::uint64_t part, std::uint64_t whole) {
    return whole == 0 ? "–" : percentText(static_cast<double>(part) / static_cast<double>(whole));
}

} // namespace

ReportTable streamsTable(const RunResult& result) {
    ReportTable table{"streams", "", countsAndLatency("stream", "tier", result), {}};
    for (const StreamSnapshot& stream : result.streams) {
        table.rows.push_back(rowOf(stream, stream.name, std::string(nameOf(stream.tier))));
    }
    return table;
}

ReportTable tiersTable(const RunResult& result) {
    ReportTable table{"tiers", "", countsAndLatency("tier", "streams", result), {}};
    for (const Tier tier : kTiers) {
        const auto streams = static_cast<std::uint64_t>(
            std::count_if(result.streams.begin(), result.streams.end(),
                          [tier](const StreamSnapshot& stream) { return stream.tier == tier; }));
        if (streams > 0) {
            table.rows.push_back(rowOf(sumOf(result.streams, tier), std::string(nameOf(tier)), countText(streams)));
        }
    }
    return table;
}

ReportTable spansTable(const RunResult& result) {
    const std::string place = latencyPlace(result);
    ReportTable table{"parts",
                      "",
                      {{"part"},
                       {"length", true},
                       {"planned", true},
                       {"stored", true},
                       {"end-to-end p50" + place, true},
                       {"end-to-end p99" + place, true},
                       {"max" + place, true}},
                      {}};
    for (const SpanSnapshot& span : result.spans) {
        const LatencyHistogram& whole = of(span.latency, Metric::EndToEnd);
        table.rows.push_back({{span.name},
                              {durationText(span.length)},
                              {countText(span.planned)},
                              {countText(span.stored)},
                              {percentileText(whole, 50)},
                              {percentileText(whole, 99)},
                              {latencyText(whole.max())}});
    }
    return table;
}

ReportTable filterTable(const RunResult& result) {
    const ConsumerCounts& counts = result.ledger.consumer;
    const std::uint64_t all = counts.duplicate();
    return {
        "duplicates",
        "",
        {{"duplicates"}, {"events", true}, {"share", true}},
        {{{"caught by the duplicate filter, which saved the database the work"},
          {countText(counts.duplicateFilter)},
          {shareText(counts.duplicateFilter, all)}},
         {{"found twice in one batch"}, {countText(counts.duplicateBatch)}, {shareText(counts.duplicateBatch, all)}},
         {{"found by the store's primary key"},
          {countText(counts.duplicateStore)},
          {shareText(counts.duplicateStore, all)}},
         {{"not asked of the filter, which was unavailable"},
          {countText(result.filterBypassed)},
          {shareText(result.filterBypassed, counts.polled)}}}};
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
    const auto mean = [weight](double sum) { return weight > 0 ? figureText(sum / weight) : "–"; };
    const auto most = [weight](double value) { return weight > 0 ? figureText(value) : "–"; };
    return {"resources",
            "",
            {{"resource"}, {"mean", true}, {"highest", true}},
            {{{"CPU of this process (cores)"}, {mean(process)}, {most(highestProcess)}},
             {{"CPU of the machine (cores)"}, {mean(machine)}, {most(highestMachine)}},
             {{"memory of this process"}, {"–"}, {weight > 0 ? bytesText(memory) : "–"}}}};
}

ReportTable timelineTable(const RunResult& result) {
    ReportTable table{"timeline", "", {{"at", true}, {"what"}, {"details"}}, {}};
    for (const Mark& mark : result.timeline) {
        const bool bad = mark.kind == MarkKind::Error || mark.kind == MarkKind::Rule || mark.kind == MarkKind::Outage;
        const Tone tone = bad ? Tone::Bad : isTrouble(mark.kind) ? Tone::Doubtful : Tone::Plain;
        table.rows.push_back({{fmt::format("{:.1f} s", std::max(mark.seconds, 0.0))},
                              {std::string(nameOf(mark.kind)), tone},
                              {textOf(mark)}});
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
