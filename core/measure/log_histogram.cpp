// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/measure/log_histogram.h"

#include <cmath>
#include <utility>

namespace core {

template <unsigned bits>
void LogHistogram<bits>::record(std::uint64_t micros, std::uint64_t times) {
    if (times == 0) {
        return;
    }
    const auto index = Buckets::indexOf(micros);
    cover(index, index + 1);
    m_counts[index - m_first] += times;
    m_total += times;
}

template <unsigned bits>
void LogHistogram<bits>::add(const LogHistogram& other) {
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

template <unsigned bits>
void LogHistogram<bits>::subtract(const LogHistogram& earlier) {
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

template <unsigned bits>
std::optional<std::size_t> LogHistogram<bits>::bucketAt(double p) const {
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
            return m_first + i;
        }
    }
    return m_first + m_counts.size() - 1;
}

template <unsigned bits>
LogHistogram<bits> LogHistogram<bits>::fromCounts(std::size_t first, std::vector<std::uint64_t> counts) {
    assert(first + counts.size() <= Buckets::kCount);
    LogHistogram created;
    created.m_first = first;
    created.m_counts = std::move(counts);
    for (const auto count : created.m_counts) {
        created.m_total += count;
    }
    created.trim();
    return created;
}

template <unsigned bits>
void LogHistogram<bits>::cover(std::size_t from, std::size_t until) {
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

template <unsigned bits>
void LogHistogram<bits>::trim() {
    while (!m_counts.empty() && m_counts.back() == 0) {
        m_counts.pop_back();
    }
    const auto used = std::find_if(m_counts.begin(), m_counts.end(), [](std::uint64_t count) { return count != 0; });
    m_first = m_counts.empty() ? 0 : m_first + static_cast<std::size_t>(used - m_counts.begin());
    m_counts.erase(m_counts.begin(), used);
}

template class LogHistogram<10>;
template class LogHistogram<5>;

} // namespace core
