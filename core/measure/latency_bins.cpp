// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/measure/latency_bins.h"

#include <algorithm>
#include <cstddef>

namespace core {

namespace {

constexpr double kGap = 2.5; // seconds

/// Points that follow each other without a gap; half-open.
struct Stretch {
    std::size_t from = 0, until = 0;
};

std::vector<Stretch> stretchesOf(const std::vector<const LivePoint*>& points) {
    std::vector<Stretch> stretches;
    double empty = kGap; // seconds in a row
    for (std::size_t i = 0; i < points.size(); ++i) {
        if (points[i]->latency.count() == 0) {
            empty += points[i]->until - points[i]->from;
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
        : m_bin{first.from, first.until, first.endToEnd, first.from}, m_values(first.latency) {}

    void add(const LivePoint& point) {
        m_bin.since = std::min(m_bin.since, point.from);
        m_bin.until = std::max(m_bin.until, point.until);
        m_values.add(point.latency);
        m_merged = true;
    }
    bool enough() const { return m_values.count() >= valuesNeeded(99); }

    LatencyBin bin() const {
        LatencyBin whole = m_bin;
        if (m_merged) {
            const auto known = [this](double p) {
                return m_values.count() < valuesNeeded(p) ? std::nullopt : m_values.percentile(p);
            };
            whole.figures = {known(50), known(90), known(99), known(99.9), m_values.max()};
        }
        return whole;
    }

private:
    LatencyBin m_bin;
    CoarseHistogram m_values;
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
            for (std::size_t before = begin; !bin.enough() && before > stretch.from;) {
                bin.add(*points[--before]);
            }
            bins.push_back(bin.bin()); // what it shares with the one before is drawn there
        }
    }
    return bins;
}

} // namespace core
