// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/measure/latency_histogram.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <utility>

namespace core {

void LatencyHistogram::record(std::chrono::microseconds value, std::uint64_t times) {
    assert(value.count() >= 0);
    LogHistogram::record(static_cast<std::uint64_t>(value.count()), times);
}

std::optional<std::uint64_t> LatencyHistogram::percentile(double p) const {
    const auto bucket = bucketAt(p);
    return bucket ? std::optional(LatencyBuckets::highest(*bucket)) : std::nullopt;
}

std::optional<double> LatencyHistogram::mean() const {
    if (count() == 0) {
        return std::nullopt;
    }
    double sum = 0;
    for (std::size_t i = 0; i < counts().size(); ++i) {
        sum += static_cast<double>(LatencyBuckets::middle(firstIndex() + i)) * static_cast<double>(counts()[i]);
    }
    return sum / static_cast<double>(count());
}

std::optional<std::uint64_t> LatencyHistogram::max() const {
    if (count() == 0) {
        return std::nullopt;
    }
    return LatencyBuckets::highest(firstIndex() + counts().size() - 1);
}

std::optional<std::uint64_t> LatencyHistogram::min() const {
    if (count() == 0) {
        return std::nullopt;
    }
    return LatencyBuckets::lowest(firstIndex());
}

std::uint64_t LatencyHistogram::countAbove(std::uint64_t micros) const {
    const auto from = std::max(LatencyBuckets::indexOf(micros) + 1, firstIndex()) - firstIndex();
    std::uint64_t above = 0;
    for (auto i = from; i < counts().size(); ++i) {
        above += counts()[i];
    }
    return above;
}

LatencyHistogram LatencyHistogram::fromCounts(std::size_t first, std::vector<std::uint64_t> counts) {
    LatencyHistogram created;
    static_cast<LogHistogram&>(created) = LogHistogram::fromCounts(first, std::move(counts));
    return created;
}

std::uint64_t valuesNeeded(double percentile) {
    constexpr double kBeyond = 10;
    const auto exact = kBeyond * 100 / (100 - percentile);
    return static_cast<std::uint64_t>(std::ceil(exact * (1 - 1e-9))); // 100 − 99.9 is not quite 0.1 in binary
}

} // namespace core
