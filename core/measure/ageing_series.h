// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <algorithm>
#include <cassert>
#include <cmath>
#include <cstddef>
#include <deque>
#include <utility>
#include <vector>

namespace core {

/// A figure of an interval that may have been put together of shorter ones.
struct Band {
    double value = 0;  ///< a rate: the average; a level: at the end
    double lowest = 0; ///< of the intervals it was put together of
    double highest = 0;

    bool operator==(const Band&) const = default;
};

inline Band bandOf(double value) {
    return {value, value, value};
}

/// `share` is the second's part of both lengths.
inline void addRate(Band& first, const Band& second, double share) {
    first.value += (second.value - first.value) * share;
    first.lowest = std::min(first.lowest, second.lowest);
    first.highest = std::max(first.highest, second.highest);
}

inline void addLevel(Band& first, const Band& second) {
    addRate(first, second, 1);
}

/// How fine a stretch of an AgeingSeries is.
struct SeriesLevel {
    double width = 1;         ///< seconds a point covers at most, unless it came in longer
    std::size_t capacity = 2; ///< points
};

/// 10 min of seconds, 1 h of 10 s, 6 h of minutes, a day of 5 min, a week of half hours; at most 2,000 points.
inline std::vector<SeriesLevel> weekInLevels() {
    return {{1, 600}, {10, 360}, {60, 360}, {300, 288}, {1'800, 336}};
}

/// A time line in constant memory: the younger, the finer. Points that leave a level are added up in the next one; of
/// the last level neighbours are added two by two when it is full. A point has `from` and `until` in seconds, and a
/// function merge(first, second) beside it puts the second of two neighbours into the first. One thread.
template <typename Point>
class AgeingSeries {
public:
    explicit AgeingSeries(const std::vector<SeriesLevel>& levels = weekInLevels()) {
        assert(!levels.empty());
        for (const SeriesLevel& level : levels) {
            assert(level.width > 0 && level.capacity >= 2);
            m_rows.push_back({level, {}});
        }
    }

    void append(Point point) { pushInto(0, std::move(point)); } ///< not earlier than the last one
    void clear() {
        for (Row& row : m_rows) {
            row.points.clear();
        }
    }

    /// In the order of time.
    template <typename Visit>
    void forEach(Visit visit) const {
        for (auto row = m_rows.rbegin(); row != m_rows.rend(); ++row) {
            for (const Point& point : row->points) {
                visit(point);
            }
        }
    }
    std::size_t size() const {
        std::size_t all = 0;
        for (const Row& row : m_rows) {
            all += row.points.size();
        }
        return all;
    }
    bool empty() const { return size() == 0; }
    /// Of the first point; 0 when empty.
    double from() const {
        const auto oldest =
            std::find_if(m_rows.rbegin(), m_rows.rend(), [](const Row& row) { return !row.points.empty(); });
        return oldest == m_rows.rend() ? 0 : oldest->points.front().from;
    }
    /// Of the last point; 0 when empty.
    double until() const { return m_rows.front().points.empty() ? 0 : m_rows.front().points.back().until; }
    double firstWidth() const { return m_rows.front().level.width; } ///< of the finest level, seconds

private:
    struct Row {
        SeriesLevel level;
        std::deque<Point> points;
    };

    void pushInto(std::size_t index, Point point) {
        Row& row = m_rows[index];
        const auto slot = [&row](const Point& of) { return std::floor(of.from / row.level.width); };
        // The first level takes points as they come: a second that began late is still a second.
        if (index > 0 && !row.points.empty() && slot(row.points.back()) == slot(point)) {
            merge(row.points.back(), point);
            return;
        }
        if (row.points.size() == row.level.capacity) {
            if (index + 1 < m_rows.size()) {
                pushInto(index + 1, std::move(row.points.front()));
                row.points.pop_front();
            } else {
                halve(row);
            }
        }
        row.points.push_back(std::move(point));
    }
    static void halve(Row& row) {
        std::deque<Point> halved;
        for (std::size_t i = 0; i < row.points.size(); i += 2) {
            halved.push_back(std::move(row.points[i]));
            if (i + 1 < row.points.size()) {
                merge(halved.back(), row.points[i + 1]);
            }
        }
        row.points = std::move(halved);
        row.level.width *= 2;
    }

    std::vector<Row> m_rows; // the finest first
};

} // namespace core
