// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <algorithm>
#include <bit>
#include <cassert>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace core {

/// The log-linear buckets of an HdrHistogram for values from 0 to an hour in microseconds: 2 · 2^bits linear steps in
/// the first part and 2^bits in each further octave. Pure index arithmetic.
template <unsigned bits>
struct LogBuckets {
    static constexpr std::uint64_t kHighest = 3'600'000'000ULL; ///< µs; larger values count as this one
    static constexpr std::uint64_t kSteps = 1ULL << bits;       ///< per octave
    static constexpr std::size_t kOctaves = static_cast<std::size_t>(std::bit_width(kHighest)) - bits;
    static constexpr std::size_t kCount = (kOctaves + 1) * kSteps;

    static constexpr std::size_t indexOf(std::uint64_t micros) {
        const auto value = std::min(micros, kHighest);
        const auto shift = static_cast<unsigned>(std::bit_width(value | (2 * kSteps - 1))) - (bits + 1U);
        return (static_cast<std::size_t>(shift) << bits) + static_cast<std::size_t>(value >> shift);
    }
    /// Smallest value of the bucket, µs.
    static constexpr std::uint64_t lowest(std::size_t index) {
        assert(index < kCount);
        const auto shift = shiftOf(index);
        return (index - (static_cast<std::size_t>(shift) << bits)) << shift;
    }
    /// Largest value of the bucket, µs: what a percentile of an HdrHistogram reports.
    static constexpr std::uint64_t highest(std::size_t index) { return lowest(index) + (1ULL << shiftOf(index)) - 1; }
    /// For the mean.
    static constexpr std::uint64_t middle(std::size_t index) {
        return lowest(index) + ((1ULL << shiftOf(index)) >> 1U);
    }

private:
    static constexpr unsigned shiftOf(std::size_t index) {
        return index < 2 * kSteps ? 0U : static_cast<unsigned>(index >> bits) - 1U;
    }
};

/// Counts of such buckets as a value: they can be added, subtracted and asked. Only the range in use is kept.
template <unsigned bits>
class LogHistogram {
public:
    using Buckets = LogBuckets<bits>;

    void record(std::uint64_t micros, std::uint64_t times);
    void add(const LogHistogram& other);
    void subtract(const LogHistogram& earlier); ///< `earlier` must be an earlier state of this histogram

    std::uint64_t count() const { return m_total; }
    std::size_t firstIndex() const { return m_first; }
    std::span<const std::uint64_t> counts() const { return m_counts; } ///< from firstIndex() on

    /// The bucket in which the rank of percentile `p`, 0…100, falls. Nothing when empty.
    std::optional<std::size_t> bucketAt(double p) const;

    /// Counts from bucket `first` on.
    static LogHistogram fromCounts(std::size_t first, std::vector<std::uint64_t> counts);

    bool operator==(const LogHistogram&) const = default;

private:
    void cover(std::size_t from, std::size_t until); // makes room for these buckets
    void trim();                                     // restores the rule on zeros

    std::size_t m_first = 0;             // 0 when empty
    std::vector<std::uint64_t> m_counts; // no zeros at either end
    std::uint64_t m_total = 0;
};

extern template class LogHistogram<10>; // LatencyHistogram: 3 significant digits
extern template class LogHistogram<5>;  // CoarseHistogram

} // namespace core
