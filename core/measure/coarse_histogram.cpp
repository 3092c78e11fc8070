// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/measure/coarse_histogram.h"

#include <algorithm>
#include <bit>
#include <cmath>

namespace core {

namespace {

constexpr unsigned kStepBits = 5;
constexpr std::uint64_t kSteps = 1ULL << kStepBits; // an octave

std::size_t stepOf(std::uint64_t micros) {
    const auto width = static_cast<unsigned>(std::bit_width(micros | (2 * kSteps - 1)));
    const unsigned shift = width - (kStepBits + 1);
    return (static_cast<std::size_t>(shift) << kStepBits) + static_cast<std::size_t>(micros >> shift);
}

std::uint64_t middleOf(std::size_t step) {
    const unsigned shift = step < 2 * kSteps ? 0U : static_cast<unsigned>(step >> kStepBits) - 1U;
    const std::uint64_t lowest = (step - (static_cast<std::size_t>(shift) << kStepBits)) << shift;
    return lowest + ((1ULL << shift) >> 1U);
}

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
    cover(stepOf(*exact.min()), stepOf(m_max) + 1);
    const auto counts = exact.counts();
    for (std::size_t i = 0; i < counts.size(); ++i) {
        if (counts[i] != 0) {
            m_counts[stepOf(LatencyBuckets::middle(exact.firstIndex() + i)) - m_first] += counts[i];
        }
    }
    m_total = exact.count();
}

void CoarseHistogram::add(const CoarseHistogram& other) {
    if (other.m_total == 0) {
        return;
    }
    cover(other.m_first, other.m_first + other.m_counts.size());
    const std::size_t shift = other.m_first - m_first;
    for (std::size_t i = 0; i < other.m_counts.size(); ++i) {
        m_counts[shift + i] += other.m_counts[i];
    }
    m_total += other.m_total;
    m_max = std::max(m_max, other.m_max);
}

std::optional<std::uint64_t> CoarseHistogram::percentile(double p) const {
    if (m_total == 0) {
        return std::nullopt;
    }
    // The rank as LatencyHistogram::percentile() has it.
    const double share = std::clamp(std::nextafter(p, 0.0), 0.0, 100.0);
    const double exact = std::ceil(share * static_cast<double>(m_total) / 100.0);
    const auto rank = std::clamp(static_cast<std::uint64_t>(exact), std::uint64_t{1}, m_total);
    std::uint64_t seen = 0;
    for (std::size_t i = 0; i < m_counts.size(); ++i) {
        seen += m_counts[i];
        if (seen >= rank) {
            return std::min(middleOf(m_first + i), m_max);
        }
    }
    return m_max;
}

std::optional<std::uint64_t> CoarseHistogram::max() const {
    return m_total == 0 ? std::nullopt : std::optional(m_max);
}

HeatColumn CoarseHistogram::heat() const {
    HeatColumn column{};
    for (std::size_t i = 0; i < m_counts.size(); ++i) {
        if (m_counts[i] != 0) {
            column[heatBinOf(middleOf(m_first + i))] += m_counts[i];
        }
    }
    return column;
}

void CoarseHistogram::cover(std::size_t from, std::size_t until) {
    if (m_counts.empty()) {
        m_first = from;
    }
    if (from < m_first) {
        m_counts.insert(m_counts.begin(), m_first - from, 0);
        m_first = from;
    }
    if (until > m_first + m_counts.size()) {
        m_counts.resize(until - m_first);
    }
}

} // namespace core
