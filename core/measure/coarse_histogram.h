// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/measure/latency_histogram.h"

#include <array>
#include <cstdint>
#include <optional>

namespace core {

/// Latencies by half octaves: bin i holds those from 2^(i/2) µs to below 2^((i+1)/2) µs; the first also what is
/// shorter, the last reaches an hour.
inline constexpr std::size_t kHeatBins = 64;
using HeatColumn = std::array<std::uint64_t, kHeatBins>;
std::size_t heatBinOf(std::uint64_t micros);
double heatBinStart(std::size_t bin); ///< µs; of kHeatBins: the end of the last

/// A histogram small enough to be kept a thousand times: 32 linear steps per octave. A percentile is the middle of its
/// step and so within 1.6 % of the value; below 64 µs it is exact. The largest value is kept as it was.
class CoarseHistogram {
public:
    CoarseHistogram() = default;
    explicit CoarseHistogram(const LatencyHistogram& exact);

    void add(const CoarseHistogram& other);

    std::uint64_t count() const { return m_steps.count(); }
    std::optional<std::uint64_t> percentile(double p) const; ///< µs; nothing when empty
    std::optional<std::uint64_t> max() const;                ///< µs; as exact as the histograms that were added up
    HeatColumn heat() const;

    bool operator==(const CoarseHistogram&) const = default;

private:
    LogHistogram<5> m_steps;
    std::uint64_t m_max = 0;
};

} // namespace core
