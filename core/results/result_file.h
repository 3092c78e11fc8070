// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/measure/mark.h"
#include "core/measure/snapshot.h"
#include "core/result.h"
#include "core/verdict/verdict.h"

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace core {

inline constexpr std::string_view kResultSchema = "millrace.result/2";
inline constexpr std::string_view kFirstResultSchema = "millrace.result/1"; ///< read, no longer written

constexpr bool isReadableSchema(std::string_view schema) {
    return schema == kResultSchema || schema == kFirstResultSchema;
}

using Texts = std::map<std::string, std::string>; ///< by name

/// One interval of the time line, kept for good.
struct Sample {
    double from = 0; ///< seconds since the run's origin
    double until = 0;
    ProducerCounts producer; ///< within the interval
    ConsumerCounts consumer;
    PackedHistograms latency;
    double target = 0; ///< events/s
    std::uint64_t backlog = 0;
    double processCpu = 0, machineCpu = 0;
    Bytes residentSet;

    bool operator==(const Sample&) const = default;
};

/// Keeps texts outside the memory until somebody asks for them.
class TextSpool {
public:
    struct Place {
        std::uint64_t from = 0;
        std::size_t length = 0;
    };
    virtual ~TextSpool() = default;
    virtual std::optional<Place> put(std::string_view text) = 0; ///< nothing: there is no room
    virtual std::optional<std::string> get(Place place) const = 0;
    virtual void dropUntil(std::uint64_t end) = 0; ///< what lies before is not asked for again
};

/// Intervals of a run: at most `capacity` samples; when full, neighbours are added two by two. The histograms of all
/// but the last are in the spool, which must outlive the series; without one, or where it has no room, in memory.
class SampleSeries {
public:
    explicit SampleSeries(std::size_t capacity = 1'800, TextSpool* spool = nullptr);
    void append(Sample sample);
    std::vector<Sample> samples() const;

private:
    struct Kept {
        Sample sample; // its latency: empty when it is in the spool
        std::optional<TextSpool::Place> place;
    };
    Kept kept(Sample sample);
    Sample whole(const Kept& kept) const;
    void closeLast();
    void halve();

    std::size_t m_capacity;
    TextSpool* m_spool;
    std::size_t m_perSample = 1; // intervals added up in one sample
    std::size_t m_inLast = 0;
    std::vector<Kept> m_full;
    std::optional<Sample> m_last; // may get more intervals
};

/// Everything a run leaves behind.
struct RunResult {
    std::string id, name, started; ///< started: RFC 3339
    double seconds = 0;
    std::uint64_t seed = 0;
    std::uint32_t runTag = 0;
    ConsumedBy consumedBy =
        ConsumedBy::Millrace; ///< of an outsider nobody knows what it polled, filtered, or threw away
    std::string outsider;     ///< what an outsider is known by: "table app.events"
    Verdict verdict;
    Ledger ledger;
    double targetRate = 0, sentRate = 0, ackedRate = 0, storedRate = 0;
    double drainSeconds = 0;
    MetricHistograms latency; ///< measured part
    std::vector<StreamSnapshot> streams;
    /// The sequence numbers that were acknowledged, stream by stream (core/measure/sequence_text.h), by which an audit
    /// tells what is lost; none where they would be too long.
    std::vector<std::string> acked;
    std::vector<SpanSnapshot> spans;
    std::vector<Mark> timeline;
    std::vector<Sample> samples;
    std::uint64_t filterBypassed = 0, negativeLatencies = 0, offsetGap = 0;
    Texts host;           ///< cpu, cores, memory, kernel, …
    Texts target;         ///< broker, its version or 'embedded', store, dedupe, fsync, …
    Texts settings;       ///< every client setting in force, no secrets
    Texts versions;       ///< millrace, librdkafka, libpq, postgresql, kafka, redis, …
    std::string scenario; ///< text

    bool operator==(const RunResult&) const = default;
};

/// result.json, version 2 (resources/docs/result-file.md): `headOnly` stops before "streams".
std::string toJson(const RunResult& result, bool headOnly);
/// Reads what toJson() wrote, and version 1; refuses other schemas by name and a damaged file with its position.
Result<RunResult> resultFromJson(const std::string& text, const std::string& fileName);
/// samples.csv: a header and a row per interval; RFC 4180; empty where a percentile has too few values.
std::string toCsv(const std::vector<Sample>& samples);

} // namespace core
