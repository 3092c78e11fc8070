// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/report/audit_json.h"

#include <nlohmann/json.hpp>

#include <array>
#include <cmath>
#include <utility>

namespace core {

namespace {

using AuditDocument = nlohmann::ordered_json;

AuditDocument latencyOf(const LatencyHistogram& latency) {
    const auto millis = [](auto micros) {
        return micros ? AuditDocument(std::round(static_cast<double>(*micros)) / 1'000) : AuditDocument();
    };
    AuditDocument json{{"count", latency.count()}, {"mean", millis(latency.mean())}};
    for (const auto& [name, percentile] : std::array<std::pair<const char*, double>, 6>{
             {{"p50", 50}, {"p90", 90}, {"p95", 95}, {"p99", 99}, {"p99.9", 99.9}, {"p99.99", 99.99}}}) {
        json[name] =
            latency.count() >= valuesNeeded(percentile) ? millis(latency.percentile(percentile)) : AuditDocument();
    }
    json["max"] = millis(latency.max());
    return json;
}

AuditDocument documentOf(const RunAudit& run) {
    const bool acked = run.knowsAcked();
    const auto ifAcked = [acked](std::uint64_t count) { return acked ? AuditDocument(count) : AuditDocument(); };
    AuditDocument json{
        {"id", run.known ? AuditDocument(run.known->id) : AuditDocument()},
        {"name", run.known ? AuditDocument(run.known->name) : AuditDocument()},
        {"run_tag", run.found.runTag},
        {"acked", ifAcked(run.acked)},
        {"stored", run.found.stored()},
        {"lost", ifAcked(run.lost)},
        {"maybe_dead_lettered", ifAcked(run.deadLettered)},
        {"unacknowledged", ifAcked(run.unacknowledged)},
        {"doubled", run.found.doubled()},
        {"missing_between_first_and_last_seen", acked ? AuditDocument() : AuditDocument(run.found.gaps())},
        {"why_acked_is_unknown", acked || !run.known ? AuditDocument() : AuditDocument(run.known->whyNot)},
        {"complete", run.found.complete},
        {"first_lost", run.examples},
        {"without_time", run.found.withoutTime},
        {"negative_latencies", run.found.negative},
        {"latency_ms", latencyOf(run.found.latency)},
        {"histogram", run.found.latency.count() > 0 ? AuditDocument(run.found.latency.hdrText()) : AuditDocument()}};
    json["streams"] = AuditDocument::array();
    for (const AuditedStream& stream : run.found.streams) {
        const bool named = run.known && stream.stream < run.known->streams.size();
        json["streams"].push_back({{"stream", stream.stream},
                                   {"name", named ? AuditDocument(run.known->streams[stream.stream]) : AuditDocument()},
                                   {"stored", stream.stored.size()},
                                   {"doubled", stream.doubled},
                                   {"first", stream.first()},
                                   {"last", stream.last()},
                                   {"gaps", stream.gaps()}});
    }
    return json;
}

} // namespace

std::string auditJson(const AuditReport& report) {
    AuditDocument json{
        {"schema", "millrace.audit/1"},
        {"exit", static_cast<int>(report.exit())},
        {"summary", report.summary()},
        {"server", report.server},
        {"table", report.table},
        {"stored_at", {{"source", report.storedAtSource}, {"text", report.storedAt}}},
        {"clock_warning", report.clockWarning.empty() ? AuditDocument() : AuditDocument(report.clockWarning)},
        {"rows", report.rows},
        {"foreign", report.foreign},
        {"other_runs", report.otherRuns},
        {"seconds", report.seconds}};
    json["runs"] = AuditDocument::array();
    for (const RunAudit& run : report.runs) {
        json["runs"].push_back(documentOf(run));
    }
    return json.dump(2, ' ', false, AuditDocument::error_handler_t::replace) + "\n";
}

} // namespace core
