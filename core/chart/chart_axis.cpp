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
    constexpr std::array<std::pair<double, const char*>, 3> prefixes{{{1e9, " G"}, {1e6, " M"}, {1e3, " k"}}};
    for (const auto& [size, prefix] : prefixes) {
        if (std::abs(value) >= size) {
            return figureText(value / size) + prefix;
        }
    }
    return figureText(value);
}

std::string timeText(double seconds) {
    const auto whole = static_cast<long long>(std::floor(seconds));
    if (whole >= 3'600) {
        return fmt::format("{}:{:02}:{:02}", whole / 3'600, whole / 60 % 60, whole % 60);
    }
    return whole >= 120 ? fmt::format("{}:{:02}", whole / 60, whole % 60) : figureText(seconds) + " s";
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
    constexpr double kSmallest = 1e-3;
    const double low = lowest > 0 ? std::max(lowest, kSmallest) : kSmallest;
    const double high = std::max(highest, low);
    const double from = std::floor(std::log10(low) + 1e-9);
    const double until = std::max(std::ceil(std::log10(high) - 1e-9), from + 1);
    return {std::pow(10.0, from), std::pow(10.0, until), true};
}

AxisScale timeScale(double from, double until) {
    return {from, std::max(until, from + 1), false};
}

std::vector<AxisTick> ticksOf(const AxisScale& scale, AxisUnit unit, int most) {
    const auto values = scale.logarithmic           ? logTicks(scale.from, scale.until, most)
                        : unit == AxisUnit::Seconds ? timeTicks(scale.from, scale.until, most)
                                                    : linearTicks(scale.from, scale.until, most);
    std::vector<AxisTick> ticks;
    for (const double value : values) {
        ticks.push_back({value, axisLabel(value, unit)});
    }
    return ticks;
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
    case AxisUnit::Percent:
        return figureText(value) + " %";
    case AxisUnit::Nines:
        return ninesText(value);
    }
    return {};
}

} // namespace core
