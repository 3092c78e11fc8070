// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/measure/latency_histogram.h"

#include <cstdlib>
#include <new>

namespace core {

HistogramLane::HistogramLane()
    : m_counts(static_cast<std::uint64_t*>(std::calloc(LatencyBuckets::kCount, sizeof(std::uint64_t)))) {
    if (m_counts == nullptr) {
        throw std::bad_alloc();
    }
}

HistogramLane::~HistogramLane() {
    std::free(m_counts);
}

void HistogramLane::record(Nanoseconds value, std::uint64_t times) {
    constexpr auto relaxed = std::memory_order_relaxed;
    if (value.count() < 0) {
        m_negative.store(m_negative.load(relaxed) + times, relaxed);
        return;
    }
    const auto index = LatencyBuckets::indexOf(static_cast<std::uint64_t>(value.count()) / 1'000);
    // A single writer, so a load and a store do what a locked addition would.
    const std::atomic_ref count(m_counts[index]);
    count.store(count.load(relaxed) + times, relaxed);
    if (index < m_first.load(relaxed)) {
        m_first.store(static_cast<std::uint32_t>(index), relaxed);
    }
    if (index >= m_end.load(relaxed)) {
        m_end.store(static_cast<std::uint32_t>(index) + 1, relaxed);
    }
}

void HistogramLane::addTo(LatencyHistogram& sum) const {
    constexpr auto relaxed = std::memory_order_relaxed;
    const std::size_t first = m_first.load(relaxed);
    const std::size_t end = m_end.load(relaxed);
    if (first >= end) {
        return;
    }
    std::vector<std::uint64_t> counts(end - first);
    for (auto i = first; i < end; ++i) {
        counts[i - first] = std::atomic_ref(m_counts[i]).load(relaxed);
    }
    sum.add(LatencyHistogram::fromCounts(first, std::move(counts)));
}

std::uint64_t HistogramLane::negative() const {
    return m_negative.load(std::memory_order_relaxed);
}

} // namespace core
