// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/measure/coarse_histogram.h"
#include "core/measure/snapshot.h"

#include <deque>
#include <optional>
#include <vector>

namespace core {

/// A figure of an interval that may have been put together of shorter ones.
struct Band {
    double value = 0;  ///< a rate: the average; a level: at the end
    double lowest = 0; ///< of the intervals it was put together of
    double highest = 0;

    bool operator==(const Band&) const = default;
};

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

/// A run's time line in constant memory: the younger, the finer. Points that leave a level are added up in the next
/// one; of the last level neighbours are added two by two when it is full. Percentiles are never averaged: those of
/// merged points are worked out anew from the merged histogram. One thread.
class LiveSeries {
public:
    struct Level {
        double width = 1;         ///< seconds a point covers at most, unless it came in longer
        std::size_t capacity = 2; ///< points
    };

    /// 10 min of seconds, 1 h of 10 s, 6 h of minutes, a day of 5 min, a week of half hours; at most 2,000 points.
    static std::vector<Level> liveLevels();

    explicit LiveSeries(const std::vector<Level>& levels = liveLevels());

    /// Cumulative values of one run, 4 to 10 a second. A point is added as soon as the first level's width has passed.
    /// A snapshot that is not later than the one before, by either clock, is left out: its counts come with the next.
    void append(const Snapshot& snapshot);
    void append(LivePoint point); ///< measured by somebody else; not earlier than the last one
    void clear();                 ///< for another run

    /// In the order of time.
    template <typename Visit>
    void forEach(Visit visit) const {
        for (auto level = m_levels.rbegin(); level != m_levels.rend(); ++level) {
            for (const LivePoint& point : level->points) {
                visit(point);
            }
        }
    }
    std::size_t size() const;
    bool empty() const { return size() == 0; }
    double from() const;  ///< of the first point; 0 when empty
    double until() const; ///< of the last point; 0 when empty

private:
    struct Row {
        Level level;
        std::deque<LivePoint> points;
    };
    void pushInto(std::size_t row, LivePoint point);
    static void halve(Row& row);

    std::vector<Row> m_levels;        // the finest first
    std::optional<Snapshot> m_opened; // where the next point begins; summed over the streams
};

} // namespace core
