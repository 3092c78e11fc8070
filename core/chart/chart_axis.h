// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

/// From values to places on an axis, and the values that get a label. Shared by all charts.
namespace core {

/// What an axis measures: how its labels are written.
enum class AxisUnit {
    Seconds, ///< of the time line
    Rate,    ///< events/s
    Events,
    Millis,  ///< a latency in ms
    Latency, ///< a latency in s
    Percent, ///< 0…100
    Nines,   ///< a percentile as 1 / (1 − p): 10 is p90, 1,000 is p99.9
};

struct AxisTick {
    double value = 0;
    std::string label;

    bool operator==(const AxisTick&) const = default;
};

/// A range of values laid over 0…1. `from` < `until`; of a logarithmic one both are above 0.
struct AxisScale {
    double from = 0, until = 1;
    bool logarithmic = false;

    /// Values outside the range are put at its ends.
    double share(double value) const;
};

/// An axis as it is painted: what it holds, and the values that get a line and a label.
struct PlotAxis {
    AxisScale scale;
    std::vector<AxisTick> ticks;

    double share(double value) const { return scale.share(value); }
};

/// A linear range from 0 that holds `highest` and ends at a round value; never empty.
AxisScale linearScale(double highest);
/// A logarithmic range of whole decades that holds both; what is not above 0 is not held.
AxisScale logScale(double lowest, double highest);
/// From `from` to `until` exactly; a second wide at least.
AxisScale timeScale(double from, double until);

/// With at most `most` ticks, give or take one.
PlotAxis axisOf(const AxisScale& scale, AxisUnit unit, int most);

/// A value as an axis shows it: 250, 10 k, 1.5 M; 500 µs, 10 ms; 1:30.
std::string axisLabel(double value, AxisUnit unit);

} // namespace core
