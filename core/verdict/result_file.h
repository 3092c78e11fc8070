#pragma once

#include "core/measure/snapshot.h"
#include "core/result.h"
#include "core/verdict/verdict.h"

#include <map>
#include <string>
#include <vector>

namespace core {

/// Something that happened at an instant of a run.
struct Mark {
    double seconds = 0; ///< since the run's origin
    std::string kind;   ///< phase, burst, rate, pause, resume, stop, rebalance, fault, rule, warning, error
    std::string text;

    bool operator==(const Mark&) const = default;
};

/// One interval of the time line, kept for good.
struct Sample {
    double from = 0; ///< seconds since the run's origin
    double until = 0;
    ProducerCounts producer; ///< within the interval
    ConsumerCounts consumer;
    MetricHistograms latency;
    double target = 0; ///< events/s
    std::uint64_t backlog = 0;
    double processCpu = 0, machineCpu = 0;
    Bytes residentSet;

    bool operator==(const Sample&) const = default;
};

/// Intervals of a run in constant memory: at most `capacity` samples; when full, neighbours are added two by two.
class SampleSeries {
public:
    explicit SampleSeries(std::size_t capacity = 1'800);
    void append(Sample sample);
    const std::vector<Sample>& samples() const;

private:
    void halve();

    std::size_t m_capacity;
    std::size_t m_perSample = 1; // intervals added up in one sample
    std::size_t m_inLast = 0;
    std::vector<Sample> m_samples;
};

/// Everything a run leaves behind.
struct RunResult {
    std::string id, name, started; ///< started: RFC 3339
    double seconds = 0;
    std::uint64_t seed = 0;
    std::uint32_t runTag = 0;
    Verdict verdict;
    Ledger ledger;
    double targetRate = 0, sentRate = 0, ackedRate = 0, storedRate = 0;
    double drainSeconds = 0;
    MetricHistograms latency; ///< measured part
    std::vector<StreamSnapshot> streams;
    std::vector<SpanSnapshot> spans;
    std::vector<Mark> timeline;
    std::vector<Sample> samples;
    std::uint64_t filterBypassed = 0, negativeLatencies = 0, offsetGap = 0;
    std::map<std::string, std::string> host;     ///< cpu, cores, memory, kernel, …
    std::map<std::string, std::string> target;   ///< broker, its version or 'embedded', store, dedupe, fsync, …
    std::map<std::string, std::string> settings; ///< every client setting in force, no secrets
    std::map<std::string, std::string> versions; ///< millrace, librdkafka, libpq, postgresql, kafka, redis, …
    std::string scenario;                        ///< text

    bool operator==(const RunResult&) const = default;
};

/// result.json, version 1 (resources/docs/result-file.md): `headOnly` stops before "streams".
std::string toJson(const RunResult& result, bool headOnly);
/// Reads what toJson() wrote; refuses other schemas by name and a damaged file with its position.
Result<RunResult> resultFromJson(const std::string& text, const std::string& fileName);
/// samples.csv: a header and a row an interval; RFC 4180; empty where a percentile has too few values.
std::string toCsv(const std::vector<Sample>& samples);

} // namespace core
