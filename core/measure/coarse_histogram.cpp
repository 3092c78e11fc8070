// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/measure/coarse_histogram.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <utility>
#include <vector>

namespace core {

namespace {

using Steps = LogBuckets<5>;

} // namespace

std::size_t heatBinOf(std::uint64_t micros) {
    if (micros < 2) {
        return 0;
    }
    // Half an octave up is the square root of two: compared by squares, which 32 bits have room for.
    const std::uint64_t capped = std::min<std::uint64_t>(micros, 0xffff'ffff);
    const auto octave = static_cast<std::size_t>(std::bit_width(capped)) - 1;
    const bool upper = capped * capped >= (std::uint64_t{2} << (2 * octave));
    return std::min(2 * octave + (upper ? 1U : 0U), kHeatBins - 1);
}

double heatBinStart(std::size_t bin) {
    return std::exp2(static_cast<double>(bin) / 2);
}

CoarseHistogram::CoarseHistogram(const LatencyHistogram& exact) {
    if (exact.count() == 0) {
        return;
    }
    m_max = *exact.max();
    const std::size_t first = Steps::indexOf(*exact.min());
    std::vector<std::uint64_t> steps(Steps::indexOf(m_max) + 1 - first);
    const auto counts = exact.counts();
    for (std::size_t i = 0; i < counts.size(); ++i) {
        steps[Steps::indexOf(LatencyBuckets::middle(exact.firstIndex() + i)) - first] += counts[i];
    }
    m_steps = LogHistogram<5>::fromCounts(first, std::move(steps));
}

void CoarseHistogram::add(const CoarseHistogram& other) {
    m_steps.add(other.m_steps);
    m_max = std::max(m_max, other.m_max);
}

std::optional<std::uint64_t> CoarseHistogram::percentile(double p) const {
    const auto step = m_steps.bucketAt(p);
    return step ? std::optional(std::min(Steps::middle(*step), m_max)) : std::nullopt;
}

std::optional<std::uint64_t> CoarseHistogram::max() const {
    return count() == 0 ? std::nullopt : std::optional(m_max);
}

HeatColumn CoarseHistogram::heat() const {
    HeatColumn column{};
    const auto counts = m_steps.counts();
    for (std::size_t i = 0; i < counts.size(); ++i) {
        if (counts[i] != 0) {
            column[heatBinOf(Steps::middle(m_steps.firstIndex() + i))] += counts[i];
        }
    }
    return column;
}

} // namespace core
