// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/chart/chart_axis.h"

#include "core/chart/axis_ticks.h"
#include "core/text/figure_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

namespace core {
namespace {

std::string siText(double value) {
    constexpr std::array<std::pair<double, const char*>, 3> kPrefixes{{{1e9, " G"}, {1e6, " M"}, {1e3, " k"}}};
    for (const auto& [size, prefix] : kPrefixes) {
        if (std::abs(value) >= 0.9995 * size) { // what would be shown as 1,000 takes the next prefix
            return figureText(value / size) + prefix;
        }
    }
    return figureText(value);
}

std::string timeText(double seconds) {
    if (std::abs(seconds) < 60) {
        return figureText(seconds) + " s";
    }
    const auto whole = std::llround(std::abs(seconds));
    const char* const sign = seconds < 0 ? "-" : "";
    return whole >= 3'600 ? fmt::format("{}{}:{:02}:{:02}", sign, whole / 3'600, whole / 60 % 60, whole % 60)
                          : fmt::format("{}{}:{:02}", sign, whole / 60, whole % 60);
}

std::string ninesText(double value) {
    return value <= 1 ? "p0" : fmt::format("p{:.10g}", 100 - 100 / value);
}

} // namespace

double AxisScale::share(double value) const {
    const double at =
        logarithmic ? std::log(std::max(value, from) / from) / std::log(until / from) : (value - from) / (until - from);
    return std::clamp(at, 0.0, 1.0);
}

AxisScale linearScale(double highest) {
    return {0, roundedUp(std::isfinite(highest) ? highest : 0), false};
}

AxisScale logScale(double lowest, double highest) {
    constexpr double kSmallest = 1e-6;
    const double low = lowest > 0 ? std::max(lowest, kSmallest) : kSmallest;
    const double high = std::max(highest, low);
    const double from = std::floor(std::log10(low) + 1e-9);
    const double until = std::max(std::ceil(std::log10(high) - 1e-9), from + 1);
    return {std::pow(10.0, from), std::pow(10.0, until), true};
}

AxisScale timeScale(double from, double until) {
    return {from, std::max(until, from + 1), false};
}

PlotAxis axisOf(const AxisScale& scale, AxisUnit unit, int most) {
    const auto values = scale.logarithmic           ? logTicks(scale.from, scale.until, most)
                        : unit == AxisUnit::Seconds ? timeTicks(scale.from, scale.until, most)
                                                    : linearTicks(scale.from, scale.until, most);
    PlotAxis axis{scale, {}};
    for (const double value : values) {
        axis.ticks.push_back({value, axisLabel(value, unit)});
    }
    return axis;
}

std::string axisLabel(double value, AxisUnit unit) {
    switch (unit) {
    case AxisUnit::Seconds:
        return timeText(value);
    case AxisUnit::Rate:
    case AxisUnit::Events:
        return siText(value);
    case AxisUnit::Millis:
        return durationText(Nanoseconds(std::llround(value * 1e6)));
    case AxisUnit::Latency:
        return durationText(Nanoseconds(std::llround(value * 1e9)));
    case AxisUnit::Percent:
        return figureText(value) + " %";
    case AxisUnit::Nines:
        return ninesText(value);
    }
    return {};
}

} // namespace core
