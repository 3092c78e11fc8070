// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/chart/axis_ticks.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace core {

namespace {

constexpr double kSlack = 1e-9; // of a step, for what binary makes of round values

double powerBelow(double value) {
    return std::pow(10.0, std::floor(std::log10(value) + kSlack));
}

std::vector<double> multiples(double step, double lowest, double highest) {
    std::vector<double> ticks;
    const double first = std::ceil(lowest / step - kSlack);
    const double last = std::floor(highest / step + kSlack);
    for (double i = first; i <= last; ++i) {
        ticks.push_back(i * step);
    }
    return ticks;
}

} // namespace

std::vector<double> linearTicks(double lowest, double highest, int most) {
    const double least = (highest - lowest) / std::max(most - 1, 1);
    if (!(least > 0)) {
        return {};
    }
    const double power = powerBelow(least);
    for (const double factor : {1.0, 2.0, 5.0}) {
        if (factor * power >= least * (1 - kSlack)) {
            return multiples(factor * power, lowest, highest);
        }
    }
    return multiples(10 * power, lowest, highest);
}

std::vector<double> logTicks(double lowest, double highest, int most) {
    if (!(lowest > 0) || !(highest > lowest)) {
        return {};
    }
    const double first = std::ceil(std::log10(lowest) - kSlack);
    const double last = std::floor(std::log10(highest) + kSlack);
    const bool finer = 3 * std::log10(highest / lowest) + 1 <= most;
    const double step = finer ? 1 : std::max(1.0, std::ceil((last - first + 1) / std::max(most, 1)));
    std::vector<double> ticks;
    for (double power = finer ? first - 1 : first; power <= last; power += step) {
        for (const double factor : {1.0, 2.0, 5.0}) {
            const double tick = factor * std::pow(10.0, power);
            const bool within = tick >= lowest * (1 - kSlack) && tick <= highest * (1 + kSlack);
            if (within && (factor == 1 || finer)) {
                ticks.push_back(tick);
            }
        }
    }
    return ticks;
}

std::vector<double> timeTicks(double from, double until, int most) {
    constexpr double kMinute = 60, kHour = 3'600, kDay = 86'400;
    constexpr std::array kSteps{1.0,      2.0,         5.0,         10.0,         15.0,         30.0,
                                kMinute,  2 * kMinute, 5 * kMinute, 10 * kMinute, 15 * kMinute, 30 * kMinute,
                                kHour,    2 * kHour,   3 * kHour,   6 * kHour,    12 * kHour,   kDay,
                                2 * kDay, 7 * kDay,    14 * kDay,   28 * kDay};
    const double least = (until - from) / std::max(most - 1, 1);
    if (!(least > 0)) {
        return {};
    }
    const auto step =
        std::find_if(kSteps.begin(), kSteps.end(), [least](double s) { return s >= least * (1 - kSlack); });
    return multiples(step == kSteps.end() ? least : *step, from, until);
}

double roundedUp(double highest) {
    if (!(highest > 0)) {
        return 1;
    }
    const double power = powerBelow(highest);
    for (const double factor : {1.0, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0, 6.0, 8.0}) {
        if (factor * power >= highest * (1 - kSlack)) {
            return factor * power;
        }
    }
    return 10 * power;
}

} // namespace core
