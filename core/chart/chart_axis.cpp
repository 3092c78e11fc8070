// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/chart/chart_axis.h"

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

/// The smallest of 1, 2 and 5 times a power of ten that is not below `size`.
double niceStep(double size) {
    const double power = std::pow(10.0, std::floor(std::log10(size)));
    for (const double factor : {1.0, 2.0, 5.0}) {
        if (factor * power >= size * (1 - 1e-9)) {
            return factor * power;
        }
    }
    return 10 * power;
}

double timeStep(double size) {
    for (const double step : {1.0, 2.0, 5.0, 10.0, 15.0, 30.0, 60.0, 120.0, 300.0, 600.0, 900.0, 1'800.0, 3'600.0,
                              7'200.0, 14'400.0, 21'600.0, 43'200.0}) {
        if (step >= size) {
            return step;
        }
    }
    return 86'400 * std::ceil(size / 86'400);
}

std::vector<AxisTick> linearTicks(const AxisScale& scale, AxisUnit unit, std::size_t wanted) {
    const double rough = (scale.until - scale.from) / static_cast<double>(wanted);
    const double step = unit == AxisUnit::Seconds ? timeStep(rough) : niceStep(rough);
    std::vector<AxisTick> ticks;
    const auto first = static_cast<long long>(std::ceil(scale.from / step - 1e-9));
    const auto last = static_cast<long long>(std::floor(scale.until / step + 1e-9));
    for (long long i = first; i <= last; ++i) {
        ticks.push_back({static_cast<double>(i) * step, axisLabel(static_cast<double>(i) * step, unit)});
    }
    return ticks;
}

/// The decades; 2 and 5 between them where there is room, with lines alone where there is a little less.
std::vector<AxisTick> logTicks(const AxisScale& scale, AxisUnit unit, std::size_t wanted) {
    const double decades = std::log10(scale.until / scale.from);
    const auto room = static_cast<double>(wanted);
    const double every = std::max(1.0, std::ceil(decades / room)); // decades between labels
    std::vector<AxisTick> ticks;
    const auto last = static_cast<int>(std::floor(std::log10(scale.until) + 1e-9));
    for (auto decade = static_cast<int>(std::ceil(std::log10(scale.from) - 1e-9)); decade <= last; ++decade) {
        const double value = std::pow(10.0, decade);
        const bool labelled = std::fmod(std::abs(decade), every) < 0.5;
        ticks.push_back({value, labelled ? axisLabel(value, unit) : std::string()});
        for (const double factor : {2.0, 5.0}) {
            if (unit != AxisUnit::Nines && decade < last) {
                ticks.push_back({factor * value, decades * 3 <= room ? axisLabel(factor * value, unit) : ""});
            }
        }
    }
    return ticks;
}

} // namespace

double AxisScale::share(double value) const {
    const double at =
        logarithmic ? std::log(std::max(value, from) / from) / std::log(until / from) : (value - from) / (until - from);
    return std::clamp(at, 0.0, 1.0);
}

AxisScale linearScale(double highest) {
    constexpr double kTicks = 5;
    const double top = std::isfinite(highest) && highest > 0 ? highest : 1;
    const double step = niceStep(top / kTicks);
    return {0, step * std::ceil(top / step - 1e-9), false};
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

std::vector<AxisTick> ticksOf(const AxisScale& scale, AxisUnit unit, std::size_t wanted) {
    return scale.logarithmic ? logTicks(scale, unit, wanted) : linearTicks(scale, unit, wanted);
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
