// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/measure/latency_bins.h"

#include <algorithm>
#include <cstddef>
#include <limits>

namespace core {

namespace {

constexpr std::size_t kGap = 3; // points

/// Points that follow each other without a gap; half-open.
struct Stretch {
    std::size_t from = 0, until = 0;
};

std::vector<Stretch> stretchesOf(const std::vector<const LivePoint*>& points) {
    std::vector<Stretch> stretches;
    std::size_t empty = kGap; // in a row
    for (std::size_t i = 0; i < points.size(); ++i) {
        if (points[i]->latency.count() == 0) {
            ++empty;
            continue;
        }
        if (empty >= kGap) {
            stretches.push_back({i, i});
        }
        empty = 0;
        stretches.back().until = i + 1;
    }
    return stretches;
}

/// Of points that are added one by one.
class Growing {
public:
    explicit Growing(const LivePoint& first)
        : m_bin{first.from, first.until, first.endToEnd}, m_values(first.latency), m_max(first.endToEnd.max) {}

    void add(const LivePoint& point) {
        m_bin.from = std::min(m_bin.from, point.from);
        m_bin.until = std::max(m_bin.until, point.until);
        m_values.add(point.latency);
        m_max = std::max(m_max, point.endToEnd.max);
        m_merged = true;
    }
    bool enough() const { return m_values.count() >= valuesNeeded(99); }

    LatencyBin bin() const {
        LatencyBin whole = m_bin;
        if (m_merged) {
            const std::uint64_t most = m_max.value_or(std::numeric_limits<std::uint64_t>::max());
            const auto known = [this, most](double p) -> std::optional<std::uint64_t> {
                if (m_values.count() < valuesNeeded(p)) {
                    return std::nullopt;
                }
                return std::min(m_values.percentile(p).value_or(0), most); // of coarse steps it may lie above
            };
            whole.figures = {known(50), known(90), known(99), known(99.9), m_max};
        }
        return whole;
    }

private:
    LatencyBin m_bin;
    CoarseHistogram m_values;
    std::optional<std::uint64_t> m_max;
    bool m_merged = false;
};

} // namespace

std::vector<LatencyBin> latencyBins(const LiveSeries& series) {
    std::vector<const LivePoint*> points;
    points.reserve(series.size());
    series.forEach([&points](const LivePoint& point) { points.push_back(&point); });
    std::vector<LatencyBin> bins;
    for (const Stretch& stretch : stretchesOf(points)) {
        std::size_t next = stretch.from;
        while (next < stretch.until) {
            const std::size_t begin = next;
            Growing bin(*points[next++]);
            while (!bin.enough() && next < stretch.until) {
                bin.add(*points[next++]);
            }
            const double from = points[begin]->from;
            for (std::size_t before = begin; !bin.enough() && before > stretch.from;) {
                bin.add(*points[--before]);
            }
            bins.push_back(bin.bin());
            bins.back().from = from; // what it shares with the one before is drawn there
        }
    }
    return bins;
}

} // namespace core
