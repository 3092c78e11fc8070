// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/units.h"

#include <atomic>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace core {

/// The log-linear buckets of an HdrHistogram (lowest 1 µs, highest 1 h, 3 significant digits): pure index arithmetic.
struct LatencyBuckets {
    static constexpr std::uint64_t kHighest = 3'600'000'000ULL; ///< µs; larger values count as this one
    static constexpr std::size_t kCount = 23 * 1024;

    static std::size_t indexOf(std::uint64_t micros);
    static std::uint64_t lowest(std::size_t index);  ///< smallest value of the bucket, µs
    static std::uint64_t highest(std::size_t index); ///< largest value of the bucket, µs: what a percentile reports
    static std::uint64_t middle(std::size_t index);  ///< for the mean
};

/// A histogram as a value: counts that can be added, subtracted and asked. Only the range in use is kept.
/// Percentiles are those of HdrHistogram: the highest value equivalent to the bucket in which the rank falls.
class LatencyHistogram {
public:
    void record(std::chrono::microseconds value, std::uint64_t times = 1); ///< negative values are refused by assertion
    void add(const LatencyHistogram& other);
    void subtract(const LatencyHistogram& earlier); ///< `earlier` must be an earlier state of this histogram

    std::uint64_t count() const { return m_total; }
    /// Microseconds; `p` in 0…100. Nothing when empty.
    std::optional<std::uint64_t> percentile(double p) const;
    std::optional<double> mean() const;       ///< µs
    std::optional<std::uint64_t> max() const; ///< µs, bucket's highest value
    std::optional<std::uint64_t> min() const; ///< µs, bucket's lowest value
    std::uint64_t countAbove(std::uint64_t micros) const;

    std::size_t firstIndex() const { return m_first; }
    std::span<const std::uint64_t> counts() const { return m_counts; } ///< from firstIndex() on

    /// Counts from bucket `first` on; used by readers of lanes and files.
    static LatencyHistogram fromCounts(std::size_t first, std::vector<std::uint64_t> counts);

    /// Compact text for files: base64 of LEB128 numbers (first index, then a count, or 0 and how many zeros follow).
    std::string encode() const;
    static std::optional<LatencyHistogram> decode(std::string_view text);

    /// HdrHistogram's .hgrm percentile table, values in ms.
    std::string hgrm(int ticksPerHalfDistance = 5) const;

    bool operator==(const LatencyHistogram&) const = default;

private:
    void cover(std::size_t from, std::size_t until); // makes room for these buckets
    void trim();                                     // restores the rule on zeros

    std::size_t m_first = 0;             // 0 when empty
    std::vector<std::uint64_t> m_counts; // no zeros at either end
    std::uint64_t m_total = 0;
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
