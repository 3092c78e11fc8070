// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/results/result_file.h"
#include "core/verdict/rule_words.h"

#include <concepts>
#include <string_view>
#include <tuple>
#include <type_traits>

/// The table of result.json: one function per record names its fields in their order. The writer and the reader both go
/// through it, as `file`, so that what is written is read. Of a `file`:
///
///     file("key", value)                a field that is always there; a histogram: only if it holds values
///     file.orNull("key", text)          null for an empty text
///     file.optional("key", value, has)  written where it `has` one, read where it is found
///     file.shown("key", function)       for people and scripts: derived from the others, never read
///     file.object("key", function)      an object with the fields that function(its file) names
///     file.parsed(rule)                 a reader has the rule's texts now
namespace core {

template <typename T, typename Record>
concept Of = std::same_as<std::remove_const_t<T>, Record>;

/// The last values of the enumerations whose names stand in the file; their first ones are 0.
inline constexpr std::tuple kLastValues{Tier::Analytics,         Phase::Finished,   StopCause::RuleBroken,
                                        PartitionChange::Lost,   End::Filter,       RuleStatus::NotEvaluated,
                                        VerdictStatus::Internal, ConsumedBy::Nobody};

/// The percentiles of latencies, for those who do not decode histograms.
struct LatencySummary {
    const MetricHistograms& latency;
    const LatencyHistogram* wakeDelay = nullptr;
};

/// The sums of a tier's streams.
struct TierSums {
    std::uint64_t streams = 0;
    StreamSnapshot sum;
};
std::vector<TierSums> tierSums(const std::vector<StreamSnapshot>& streams); ///< of each tier in use

inline std::optional<std::string> unlessEmpty(std::string text) {
    return text.empty() ? std::nullopt : std::optional(std::move(text));
}

void fields(auto& file, Of<ProducerCounts> auto& counts) {
    file("planned", counts.planned);
    file("sent", counts.sent);
    file("unsent", counts.unsent);
    file("shed", counts.shed);
    file("acked", counts.acked);
    file("failed", counts.failed);
    file("in_doubt", counts.inDoubt);
}

void fields(auto& file, Of<ConsumerCounts> auto& counts) {
    file("polled", counts.polled);
    file("stored", counts.stored);
    file.object("duplicate", [&counts](auto& duplicate) {
        duplicate("filter", counts.duplicateFilter);
        duplicate("batch", counts.duplicateBatch);
        duplicate("store", counts.duplicateStore);
    });
    file("dead_lettered", counts.deadLettered);
    file("foreign", counts.foreign);
    file("abandoned", counts.abandoned);
}

void fields(auto& file, Of<IdCounts> auto& counts) {
    file("recovered", counts.recovered);
    file.optional("missing", counts.missing, counts.missing > 0);
    file("unexpected", counts.unexpected);
    file.optional("refused", counts.refused, counts.refused > 0);
    file("reordered", counts.reordered);
    file("lost", counts.lost);
    file("doubled", counts.doubled);
    file("undrained", counts.undrained);
}

void fields(auto& file, Of<Ledger> auto& ledger) {
    fields(file, ledger.producer);
    fields(file, ledger.consumer);
    fields(file, ledger.ids);
    file.optional("closed", ledger.closed, true); // older files do not have it: those ledgers were all closed
}

void fields(auto& file, Of<MetricHistograms> auto& histograms) {
    for (const Metric metric : kMetrics) {
        file(nameOf(metric), of(histograms, metric));
    }
}

void fields(auto& file, Of<RuleOutcome> auto& outcome) {
    auto& rule = outcome.rule;
    file("rule", rule.text);
    file.shown("value", [&outcome] { return unlessEmpty(valueText(outcome)); });
    file("status", outcome.status);
    file("broke_at_s", outcome.brokeAtSeconds);
    file.orNull("during", rule.during);
    file("abort", rule.abort);
    file.parsed(rule);
    file.shown("margin", [&outcome] { return unlessEmpty(marginText(outcome)); });
    file.orNull("reason", outcome.reason);
    file("measured", outcome.value);
    file.shown("limit", [&rule] { return rule.limit; });
    file.shown("distance", [&outcome] { return outcome.distance(); });
    file.shown("unit", [&rule] { return unitOf(rule); });
    if (rule.quantity == Threshold::Quantity::Throughput) {
        file("target_per_s", outcome.target);
    }
}

void fields(auto& file, Of<Verdict> auto& verdict) {
    file("status", verdict.status);
    file("exit", verdict.exit);
    file("summary", verdict.summary);
    file("rules", verdict.rules);
}

void countFields(auto& file, Of<StreamSnapshot> auto& stream) {
    fields(file, stream.producer);
    file("stored", stream.stored);
    file("duplicate", stream.duplicate);
    file("dead_lettered", stream.deadLettered);
}

void fields(auto& file, Of<StreamSnapshot> auto& stream) {
    file("name", stream.name);
    file("tier", stream.tier);
    file("target_per_s", stream.target);
    countFields(file, stream);
    file.shown("latency_ms", [&stream] { return LatencySummary{stream.latency, &stream.wakeDelay}; });
    file.object("histograms", [&stream](auto& histograms) {
        fields(histograms, stream.latency);
        histograms("wake_delay", stream.wakeDelay);
    });
}

void fields(auto& file, Of<TierSums> auto& tier) {
    file("tier", tier.sum.tier);
    file("streams", tier.streams);
    countFields(file, tier.sum);
    file.shown("latency_ms", [&tier] { return LatencySummary{tier.sum.latency}; });
}

/// The kind's values, and beside them the text that they make. A `detail` replaces them.
void fields(auto& file, Of<Mark> auto& mark) {
    const bool whole = mark.detail.empty();
    const auto is = [&mark, whole](MarkKind kind) { return whole && mark.kind == kind; };
    file("s", mark.seconds);
    file("kind", mark.kind);
    file.shown("text", [&mark] { return textOf(mark); });
    file.optional("name", mark.name, !mark.name.empty());
    file.optional("detail", mark.detail, !whole);
    file.optional("phase", mark.phase, is(MarkKind::Phase));
    file.optional("cause", mark.cause, is(MarkKind::Stop));
    file.optional("change", mark.change, is(MarkKind::Rebalance));
    file.optional("partitions", mark.partitions, is(MarkKind::Rebalance));
    file.optional("rule", mark.rule, is(MarkKind::Rule));
    const bool partly = mark.kind == MarkKind::Outage && mark.rate.perSecond > 0;
    file.optional("rate_per_s", mark.rate, is(MarkKind::Burst) || is(MarkKind::Rate) || partly);
    file.optional("duration_s", mark.duration, is(MarkKind::Burst) || mark.kind == MarkKind::Outage);
    file.optional("end", mark.end, mark.end.has_value());
}

void fields(auto& file, Of<Sample> auto& sample) {
    file("from_s", sample.from);
    file("until_s", sample.until);
    file("target_per_s", sample.target);
    fields(file, sample.producer);
    file("consumer", sample.consumer);
    file("backlog", sample.backlog);
    file("process_cpu", sample.processCpu);
    file("machine_cpu", sample.machineCpu);
    file("resident_bytes", sample.residentSet);
    file("histograms", sample.latency);
}

void fields(auto& file, Of<SpanSnapshot> auto& span) {
    file("name", span.name);
    file("seconds", span.length);
    file("planned", span.planned);
    file("stored", span.stored);
    file.shown("latency_ms", [&span] { return LatencySummary{span.latency}; });
    file("histograms", span.latency);
}

/// After "schema".
void headFields(auto& file, Of<RunResult> auto& result) {
    file.object("run", [&result](auto& run) {
        run("id", result.id);
        run("name", result.name);
        run("started", result.started);
        run("seconds", result.seconds);
        run("seed", result.seed);
        run("run_tag", result.runTag);
        run("drain_s", result.drainSeconds);
        run.optional("consumed_by", result.consumedBy, result.consumedBy != ConsumedBy::Millrace);
        run.optional("outsider", result.outsider, !result.outsider.empty());
    });
    file("verdict", result.verdict);
    file("ledger", result.ledger);
    file.object("rate_per_s", [&result](auto& rates) {
        rates("target", result.targetRate);
        rates("sent", result.sentRate);
        rates("acked", result.ackedRate);
        rates("stored", result.storedRate);
    });
    file.shown("latency_ms", [&result] { return LatencySummary{result.latency}; });
    file.optional("acked", result.acked, !result.acked.empty());
}

void restFields(auto& file, Of<RunResult> auto& result) {
    file("target", result.target); // before what is long: a list of runs reads no further
    file("streams", result.streams);
    file.shown("tiers", [&result] { return tierSums(result.streams); });
    file("timeline", result.timeline);
    file("samples", result.samples);
    file("host", result.host);
    file("scenario", result.scenario);
    file("settings", result.settings);
    file("versions", result.versions);
    file("spans", result.spans);
    file("histograms", result.latency);
    file("filter_bypassed", result.filterBypassed);
    file("negative_latencies", result.negativeLatencies);
    file("offset_gap", result.offsetGap);
}

} // namespace core
