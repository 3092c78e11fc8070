// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/results/result_fields.h"
#include "core/results/result_file.h"
#include "core/verdict/rule_words.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>

namespace core {

namespace {

using Json = nlohmann::ordered_json;

constexpr std::array<std::pair<const char*, double>, 6> kTablePercentiles{
    {{"p50", 50}, {"p90", 90}, {"p95", 95}, {"p99", 99}, {"p99.9", 99.9}, {"p99.99", 99.99}}};

Json millis(double micros) {
    return std::round(micros) / 1'000;
}

/// What cannot be said is null.
Json latencyJson(const LatencyHistogram& histogram) {
    const auto needs = [&histogram](double percentile) { return histogram.count() >= valuesNeeded(percentile); };
    Json json;
    json["count"] = histogram.count();
    json["mean"] = histogram.mean() ? millis(*histogram.mean()) : Json();
    for (const auto& [name, percentile] : kTablePercentiles) {
        const auto value = needs(percentile) ? histogram.percentile(percentile) : std::nullopt;
        json[name] = value ? millis(static_cast<double>(*value)) : Json();
    }
    json["max"] = histogram.max() ? millis(static_cast<double>(*histogram.max())) : Json();
    return json;
}

Json latenciesJson(const MetricHistograms& latencies) {
    Json json = Json::object();
    for (const auto metric : kMetrics) {
        json[std::string(nameOf(metric))] = latencyJson(of(latencies, metric));
    }
    return json;
}

void putHistogram(Json& json, std::string_view name, const LatencyHistogram& histogram) {
    if (histogram.count() > 0) {
        json[std::string(name)] = histogram.hdrText();
    }
}

Json histogramsJson(const MetricHistograms& latencies) {
    Json json = Json::object();
    for (const auto metric : kMetrics) {
        putHistogram(json, nameOf(metric), of(latencies, metric));
    }
    return json;
}

template <typename Counts, std::size_t size>
void putCounts(Json& json, const std::array<CountField<Counts>, size>& fields, const Counts& counts) {
    for (const auto& [name, member] : fields) {
        json[std::string(name)] = counts.*member;
    }
}

void putConsumer(Json& json, const ConsumerCounts& counts) {
    putCounts(json, kConsumedFields, counts);
    putCounts(json["duplicate"], kDuplicateFields, counts);
    putCounts(json, kOtherFields, counts);
}

Json orNull(const std::string& text) {
    return text.empty() ? Json() : Json(text);
}

Json verdictJson(const Verdict& verdict) {
    Json rules = Json::array();
    for (const auto& rule : verdict.rules) {
        const auto number = [](std::optional<double> value) { return value ? Json(*value) : Json(); };
        rules.push_back({{"rule", rule.rule.text},
                         {"value", orNull(valueText(rule))},
                         {"status", nameOf(rule.status)},
                         {"broke_at_s", number(rule.brokeAtSeconds)},
                         {"during", orNull(rule.rule.during)},
                         {"abort", rule.rule.abort},
                         {"margin", orNull(marginText(rule))},
                         {"reason", orNull(rule.reason)},
                         {"measured", number(rule.value)},
                         {"limit", rule.rule.limit},
                         {"distance", number(rule.distance())},
                         {"unit", nameOf(unitOf(rule.rule))}});
        if (rule.rule.quantity == Threshold::Quantity::Throughput) {
            rules.back()["target_per_s"] = rule.target.perSecond;
        }
    }
    return {{"status", nameOf(verdict.status)},
            {"exit", static_cast<int>(verdict.exit)},
            {"summary", verdict.summary},
            {"rules", std::move(rules)}};
}

Json headJson(const RunResult& result) {
    Json json;
    json["schema"] = kResultSchema;
    json["run"] = {
        {"id", result.id},     {"name", result.name},      {"started", result.started},     {"seconds", result.seconds},
        {"seed", result.seed}, {"run_tag", result.runTag}, {"drain_s", result.drainSeconds}};
    json["verdict"] = verdictJson(result.verdict);
    auto& ledger = json["ledger"];
    putCounts(ledger, kProducerFields, result.ledger.producer);
    putConsumer(ledger, result.ledger.consumer);
    putCounts(ledger, kIdFields, result.ledger.ids);
    ledger["closed"] = result.ledger.closed;
    json["rate_per_s"] = {{"target", result.targetRate},
                          {"sent", result.sentRate},
                          {"acked", result.ackedRate},
                          {"stored", result.storedRate}};
    json["latency_ms"] = latenciesJson(result.latency);
    return json;
}

Json streamJson(const StreamSnapshot& stream) {
    Json json{{"name", stream.name}, {"tier", nameOf(stream.tier)}, {"target_per_s", stream.target.perSecond}};
    putCounts(json, kProducerFields, stream.producer);
    json["stored"] = stream.stored;
    json["duplicate"] = stream.duplicate;
    json["dead_lettered"] = stream.deadLettered;
    json["latency_ms"] = latenciesJson(stream.latency);
    json["latency_ms"]["wake_delay"] = latencyJson(stream.wakeDelay);
    json["histograms"] = histogramsJson(stream.latency);
    putHistogram(json["histograms"], "wake_delay", stream.wakeDelay);
    return json;
}

/// The streams' sums for each tier in use; a convenience for readers of the file.
Json tiersJson(const std::vector<StreamSnapshot>& streams) {
    Json tiers = Json::array();
    for (const auto tier : kTiers) {
        StreamSnapshot sum;
        std::size_t count = 0;
        for (const auto& stream : streams) {
            if (stream.tier != tier) {
                continue;
            }
            ++count;
            sum.producer += stream.producer;
            sum.stored += stream.stored;
            sum.duplicate += stream.duplicate;
            sum.deadLettered += stream.deadLettered;
            for (const auto metric : kMetrics) {
                of(sum.latency, metric).add(of(stream.latency, metric));
            }
        }
        if (count == 0) {
            continue;
        }
        Json json{{"tier", nameOf(tier)}, {"streams", count}};
        putCounts(json, kProducerFields, sum.producer);
        json["stored"] = sum.stored;
        json["duplicate"] = sum.duplicate;
        json["dead_lettered"] = sum.deadLettered;
        json["latency_ms"] = latenciesJson(sum.latency);
        tiers.push_back(std::move(json));
    }
    return tiers;
}

Json sampleJson(const Sample& sample) {
    Json json{{"from_s", sample.from}, {"until_s", sample.until}, {"target_per_s", sample.target}};
    putCounts(json, kProducerFields, sample.producer);
    putConsumer(json["consumer"], sample.consumer);
    json["backlog"] = sample.backlog;
    json["process_cpu"] = sample.processCpu;
    json["machine_cpu"] = sample.machineCpu;
    json["resident_bytes"] = sample.residentSet.count;
    json["histograms"] = histogramsJson(sample.latency.unpack());
    return json;
}

Json spanJson(const SpanSnapshot& span) {
    return {{"name", span.name},
            {"seconds", std::chrono::duration<double>(span.length).count()},
            {"planned", span.planned},
            {"stored", span.stored},
            {"latency_ms", latenciesJson(span.latency)},
            {"histograms", histogramsJson(span.latency)}};
}

/// The text, and beside it what the kind has in numbers and names.
Json markJson(const Mark& mark) {
    Json json{{"s", mark.seconds}, {"kind", nameOf(mark.kind)}, {"text", textOf(mark)}};
    const auto put = [&json](const char* key, const Json& value, bool known) {
        if (known) {
            json[key] = value;
        }
    };
    const bool burst = mark.kind == MarkKind::Burst, whole = mark.detail.empty();
    put("name", mark.name, !mark.name.empty());
    put("detail", mark.detail, !whole);
    put("phase", nameOf(mark.phase), whole && mark.kind == MarkKind::Phase);
    put("cause", nameOf(mark.cause), whole && mark.kind == MarkKind::Stop);
    put("change", nameOf(mark.change), whole && mark.kind == MarkKind::Rebalance);
    put("partitions", mark.partitions, whole && mark.kind == MarkKind::Rebalance);
    put("rule", mark.rule, whole && mark.kind == MarkKind::Rule);
    put("rate_per_s", mark.rate.perSecond, whole && (burst || mark.kind == MarkKind::Rate));
    put("duration_s", secondsOf(mark.duration), whole && burst);
    put("end", mark.end ? nameOf(*mark.end) : "", mark.end.has_value());
    return json;
}

template <typename Values, typename ToJson>
Json arrayJson(const Values& values, const ToJson& toJson) {
    Json json = Json::array();
    for (const auto& value : values) {
        json.push_back(toJson(value));
    }
    return json;
}

void putRest(Json& json, const RunResult& result) {
    json["streams"] = arrayJson(result.streams, streamJson);
    json["tiers"] = tiersJson(result.streams);
    json["timeline"] = arrayJson(result.timeline, markJson);
    json["samples"] = arrayJson(result.samples, sampleJson);
    json["host"] = result.host;
    json["target"] = result.target;
    json["scenario"] = result.scenario;
    json["settings"] = result.settings;
    json["versions"] = result.versions;
    json["spans"] = arrayJson(result.spans, spanJson);
    json["histograms"] = histogramsJson(result.latency);
    json["filter_bypassed"] = result.filterBypassed;
    json["negative_latencies"] = result.negativeLatencies;
    json["offset_gap"] = result.offsetGap;
}

} // namespace

std::string toJson(const RunResult& result, bool headOnly) {
    auto json = headJson(result);
    if (!headOnly) {
        putRest(json, result);
    }
    // Texts come from files and servers: bytes that are not UTF-8 are replaced.
    return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

} // namespace core
