// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/measure/ageing_series.h"
#include "core/monitor/cluster_view.h"

#include <deque>
#include <map>
#include <optional>
#include <string>

namespace core {

/// A group's lag over an interval: at its end, and its extremes.
struct LagPoint {
    double from = 0, until = 0; ///< seconds since the monitor began
    std::optional<Band> events{};
    std::optional<Band> seconds{};

    bool operator==(const LagPoint&) const = default;
};
void merge(LagPoint& first, const LagPoint& second);

/// The lag of every group for as long as a monitor looks, in constant memory: a group costs at most 2,000 points. One
/// thread.
class LagHistory {
public:
    using Series = AgeingSeries<LagPoint>;

    /// `origin`: of the points' seconds.
    explicit LagHistory(Instant origin) : m_origin(origin) {}

    /// Adds a point for each group whose lag is newer than before.
    void add(const ClusterView& view);
    /// Nothing: the group has never been seen.
    const Series* of(const std::string& group) const;
    const std::map<std::string, Series>& groups() const { return m_groups; }
    Instant origin() const { return m_origin; }

private:
    Instant m_origin;
    std::map<std::string, Series> m_groups;
};

/// Whether a group's lag grows or drains, by its looks of the last seconds. One thread.
class LagTrend {
public:
    /// `read`: the group's committed offsets, summed.
    BacklogTrend add(Instant at, std::uint64_t events, std::uint64_t read);

private:
    struct Look {
        Instant at;
        std::uint64_t events;
        std::uint64_t read;
    };
    std::deque<Look> m_looks; // the first is the youngest that is old enough
};

} // namespace core
