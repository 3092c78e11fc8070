// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/measure/log_histogram.h"
#include "core/units.h"

#include <atomic>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace core {

using LatencyBuckets = LogBuckets<10>; ///< those of an HdrHistogram with lowest 1, highest 1 h, 3 significant digits

/// A latency's histogram as a value. Percentiles are those of HdrHistogram: the highest value equivalent to the bucket
/// in which the rank falls.
class LatencyHistogram : public LogHistogram<10> {
public:
    void record(std::chrono::microseconds value, std::uint64_t times = 1); ///< negative values are refused by assertion

    /// Microseconds; `p` in 0…100. Nothing when empty.
    std::optional<std::uint64_t> percentile(double p) const;
    std::optional<double> mean() const;       ///< µs
    std::optional<std::uint64_t> max() const; ///< µs, bucket's highest value
    std::optional<std::uint64_t> min() const; ///< µs, bucket's lowest value
    std::uint64_t countAbove(std::uint64_t micros) const;

    /// Counts from bucket `first` on; used by readers of lanes and files.
    static LatencyHistogram fromCounts(std::size_t first, std::vector<std::uint64_t> counts);

    /// Compact text for what is kept or journaled: base64 of LEB128 numbers (first index, then a count, or 0 and how
    /// many zeros follow).
    std::string encode() const;
    static std::optional<LatencyHistogram> decode(std::string_view text);

    /// Base64 of HdrHistogram's V2 compressed encoding, which its own tools read. Counts over 2^63 − 1 are cut to it.
    std::string hdrText() const;
    static std::optional<LatencyHistogram> fromHdrText(std::string_view text); ///< of the same range and precision

    /// HdrHistogram's .hgrm percentile table, values in ms.
    std::string hgrm(int ticksPerHalfDistance = 5) const;

    bool operator==(const LatencyHistogram&) const = default;
};

/// How many values a percentile needs so that it is shown: 10 beyond it, that is 10 / (1 − p/100); p99.9: 10,000.
std::uint64_t valuesNeeded(double percentile);

/// A histogram that one thread records into while others read: relaxed atomics, a single writer. Memory is taken from
/// the system page by page as values arrive.
class HistogramLane {
public:
    HistogramLane();
    ~HistogramLane();
    HistogramLane(const HistogramLane&) = delete;
    HistogramLane& operator=(const HistogramLane&) = delete;

    /// Writer only. Rounds down to a whole microsecond; over an hour counts as an hour. Values below 0 are counted
    /// apart and recorded nowhere.
    void record(Nanoseconds value) { record(value, 1); }
    void record(Nanoseconds value, std::uint64_t times);

    /// Any thread: adds the present counts to `sum`. Monotonic: a later read never shows less.
    void addTo(LatencyHistogram& sum) const;
    std::uint64_t negative() const;

private:
    std::uint64_t* m_counts; // kCount, from calloc: untouched pages cost nothing; only through std::atomic_ref
    std::atomic<std::uint32_t> m_first{LatencyBuckets::kCount}; // the buckets in use, half-open
    std::atomic<std::uint32_t> m_end{0};
    std::atomic<std::uint64_t> m_negative{0};
};

} // namespace core
