// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/measure/latency_histogram.h"

#include <algorithm>
#include <bit>
#include <cassert>
#include <cmath>
#include <limits>

namespace core {

namespace {

// HdrHistogram's geometry for 3 digits: 2,048 linear steps in the first bucket, 1,024 in each further one.
constexpr unsigned kHalfBits = 10;
constexpr std::uint64_t kHalf = 1ULL << kHalfBits;
constexpr std::uint64_t kMask = 2 * kHalf - 1;

unsigned shiftOf(std::size_t index) {
    return index < 2 * kHalf ? 0U : static_cast<unsigned>(index >> kHalfBits) - 1U;
}

} // namespace

std::size_t LatencyBuckets::indexOf(std::uint64_t micros) {
    const auto value = std::min(micros, kHighest);
    const auto shift = static_cast<unsigned>(std::bit_width(value | kMask)) - (kHalfBits + 1U);
    return (static_cast<std::size_t>(shift) << kHalfBits) + static_cast<std::size_t>(value >> shift);
}

std::uint64_t LatencyBuckets::lowest(std::size_t index) {
    assert(index < kCount);
    const auto shift = shiftOf(index);
    return (index - (static_cast<std::size_t>(shift) << kHalfBits)) << shift;
}

std::uint64_t LatencyBuckets::highest(std::size_t index) {
    return lowest(index) + (1ULL << shiftOf(index)) - 1;
}

std::uint64_t LatencyBuckets::middle(std::size_t index) {
    return lowest(index) + ((1ULL << shiftOf(index)) >> 1U);
}

void LatencyHistogram::record(std::chrono::microseconds value, std::uint64_t times) {
    assert(value.count() >= 0);
    if (times == 0) {
        return;
    }
    const auto index = LatencyBuckets::indexOf(static_cast<std::uint64_t>(value.count()));
    cover(index, index + 1);
    m_counts[index - m_first] += times;
    m_total += times;
}

void LatencyHistogram::add(const LatencyHistogram& other) {
    if (other.m_total == 0) {
        return;
    }
    if (m_total == 0) {
        *this = other;
        return;
    }
    cover(other.m_first, other.m_first + other.m_counts.size());
    const auto shift = other.m_first - m_first;
    for (std::size_t i = 0; i < other.m_counts.size(); ++i) {
        m_counts[shift + i] += other.m_counts[i];
    }
    m_total += other.m_total;
}

void LatencyHistogram::subtract(const LatencyHistogram& earlier) {
    if (earlier.m_total == 0) {
        return;
    }
    assert(earlier.m_first >= m_first && earlier.m_first + earlier.m_counts.size() <= m_first + m_counts.size());
    const auto shift = earlier.m_first - m_first;
    for (std::size_t i = 0; i < earlier.m_counts.size(); ++i) {
        assert(m_counts[shift + i] >= earlier.m_counts[i]);
        m_counts[shift + i] -= earlier.m_counts[i];
    }
    m_total -= earlier.m_total;
    trim();
}

std::optional<std::uint64_t> LatencyHistogram::percentile(double p) const {
    if (m_total == 0) {
        return std::nullopt;
    }
    // One ulp less, as HdrHistogram does: a share that binary rounds up must not reach into the next rank.
    const double share = std::clamp(std::nextafter(p, 0.0), 0.0, 100.0);
    const double exact = std::ceil(share * static_cast<double>(m_total) / 100.0);
    const auto rank = std::clamp(static_cast<std::uint64_t>(exact), std::uint64_t{1}, m_total);
    std::uint64_t seen = 0;
    for (std::size_t i = 0; i < m_counts.size(); ++i) {
        seen += m_counts[i];
        if (seen >= rank) {
            return LatencyBuckets::highest(m_first + i);
        }
    }
    return max();
}

std::optional<double> LatencyHistogram::mean() const {
    if (m_total == 0) {
        return std::nullopt;
    }
    double sum = 0;
    for (std::size_t i = 0; i < m_counts.size(); ++i) {
        sum += static_cast<double>(LatencyBuckets::middle(m_first + i)) * static_cast<double>(m_counts[i]);
    }
    return sum / static_cast<double>(m_total);
}

std::optional<std::uint64_t> LatencyHistogram::max() const {
    if (m_total == 0) {
        return std::nullopt;
    }
    return LatencyBuckets::highest(m_first + m_counts.size() - 1);
}

std::optional<std::uint64_t> LatencyHistogram::min() const {
    if (m_total == 0) {
        return std::nullopt;
    }
    return LatencyBuckets::lowest(m_first);
}

std::uint64_t LatencyHistogram::countAbove(std::uint64_t micros) const {
    const auto from = std::max(LatencyBuckets::indexOf(micros) + 1, m_first) - m_first;
    std::uint64_t above = 0;
    for (auto i = from; i < m_counts.size(); ++i) {
        above += m_counts[i];
    }
    return above;
}

LatencyHistogram LatencyHistogram::fromCounts(std::size_t first, std::vector<std::uint64_t> counts) {
    assert(first + counts.size() <= LatencyBuckets::kCount);
    LatencyHistogram made;
    made.m_first = first;
    made.m_counts = std::move(counts);
    for (const auto count : made.m_counts) {
        made.m_total += count;
    }
    made.trim();
    return made;
}

std::uint64_t valuesNeeded(double percentile) {
    constexpr double kBeyond = 10;
    const auto exact = kBeyond * 100 / (100 - percentile);
    return static_cast<std::uint64_t>(std::ceil(exact * (1 - 1e-9))); // 100 − 99.9 is not quite 0.1 in binary
}

void LatencyHistogram::cover(std::size_t from, std::size_t until) {
    if (m_counts.empty()) {
        m_first = from;
        m_counts.resize(until - from);
        return;
    }
    if (from < m_first) {
        m_counts.insert(m_counts.begin(), m_first - from, 0);
        m_first = from;
    }
    if (until > m_first + m_counts.size()) {
        m_counts.resize(until - m_first);
    }
}

void LatencyHistogram::trim() {
    while (!m_counts.empty() && m_counts.back() == 0) {
        m_counts.pop_back();
    }
    const auto used = std::find_if(m_counts.begin(), m_counts.end(), [](std::uint64_t count) { return count != 0; });
    m_first = m_counts.empty() ? 0 : m_first + static_cast<std::size_t>(used - m_counts.begin());
    m_counts.erase(m_counts.begin(), used);
}

} // namespace core
