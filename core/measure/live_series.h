// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/measure/ageing_series.h"
#include "core/measure/coarse_histogram.h"
#include "core/measure/snapshot.h"

#include <optional>
#include <vector>

namespace core {

/// End-to-end latencies of an interval, µs. A percentile with too few values (valuesNeeded()) is absent.
struct LatencyFigures {
    std::optional<std::uint64_t> p50, p90, p99, p999, max;

    bool operator==(const LatencyFigures&) const = default;
};

LatencyFigures figuresOf(const LatencyHistogram& endToEnd);

/// One interval of a run as the charts show it.
struct LivePoint {
    double from = 0, until = 0;       ///< seconds since the run's origin
    Band target, sent, acked, stored; ///< events/s
    Band backlog;                     ///< events
    LatencyFigures endToEnd;          ///< exact for a point as it was appended, then of `latency`
    CoarseHistogram latency;          ///< end-to-end; from it come the percentiles of merged points and the heat map
    double processCpu = 0, machineCpu = 0; ///< cores
    Bytes residentSet;                     ///< the largest

    double middle() const { return (from + until) / 2; }

    bool operator==(const LivePoint&) const = default;
};

/// The point of a window that ends with `later`; from and until are sinceStart's.
LivePoint livePointOf(const Window& window, double from, const Snapshot& later);

/// Puts the second of two neighbours into the first. Percentiles are worked out anew from the merged histogram.
void merge(LivePoint& first, const LivePoint& second);

/// A run's time line in constant memory: the younger, the finer (AgeingSeries). One thread.
class LiveSeries {
public:
    using Level = SeriesLevel;

    explicit LiveSeries(const std::vector<Level>& levels = weekInLevels()) : m_points(levels) {}

    /// Cumulative values of one run, 4 to 10 a second. A point is added as soon as the first level's width has passed.
    /// A snapshot that is not later than the one before, by either clock, is left out: its counts come with the next.
    void append(const Snapshot& snapshot);
    /// Measured by somebody else; not earlier than the last one.
    void append(LivePoint point) { m_points.append(std::move(point)); }
    void clear(); ///< for another run

    /// In the order of time.
    template <typename Visit>
    void forEach(Visit visit) const {
        m_points.forEach(visit);
    }
    std::size_t size() const { return m_points.size(); }
    bool empty() const { return m_points.empty(); }
    double from() const { return m_points.from(); }   ///< of the first point; 0 when empty
    double until() const { return m_points.until(); } ///< of the last point; 0 when empty

private:
    AgeingSeries<LivePoint> m_points;
    std::optional<Snapshot> m_opened; // where the next point begins; summed over the streams
};

} // namespace core
