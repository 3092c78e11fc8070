// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/desktop/charts/load_curve.h"

#include "core/units.h"

#include <algorithm>
#include <chrono>
#include <cmath>

namespace app {

namespace {

constexpr int kSamplesOfCurve = 1'500; // more than a chart has columns

/// Inside a sine, between two bends. The samples are not evenly spaced: those of a day of short waves would otherwise
/// all meet the same phase, and the waves would look like a straight line.
void sample(const core::Schedule& schedule, core::Nanoseconds from, core::Nanoseconds until, LoadCurve& curve) {
    constexpr double kGolden = 0.618033988749895;
    const double step = core::secondsOf(until - from) / kSamplesOfCurve;
    for (int i = 1; i < kSamplesOfCurve; ++i) {
        const double shift = std::fmod(i * kGolden, 1) - 0.5;
        const double at = core::secondsOf(from) + (i + 0.5 * shift) * step;
        const core::Nanoseconds offset(static_cast<std::int64_t>(at * 1e9));
        curve.push_back({at, schedule.rateAt(offset).perSecond});
    }
}

/// At `at` the sum leaps by `leap` and from then on rises `slope` a second faster.
struct Change {
    double at, leap, slope;
};

void addChanges(const LoadCurve& curve, std::vector<Change>& changes) {
    if (curve.empty()) {
        return;
    }
    changes.push_back({curve.front().x, curve.front().y, 0});
    for (std::size_t i = 1; i < curve.size(); ++i) {
        const core::ChartPoint &a = curve[i - 1], &b = curve[i];
        const double width = b.x - a.x;
        if (width <= 0) {
            changes.push_back({a.x, b.y - a.y, 0});
            continue;
        }
        const double slope = (b.y - a.y) / width;
        changes.push_back({a.x, 0, slope});
        changes.push_back({b.x, 0, -slope});
    }
    changes.push_back({curve.back().x, -curve.back().y, 0});
}

} // namespace

LoadCurve curveOf(const core::Schedule& schedule) {
    LoadCurve curve;
    core::Nanoseconds before{};
    for (const core::Nanoseconds bend : schedule.bends()) {
        if (bend > before && schedule.curvedAt(before)) {
            sample(schedule, before, bend, curve);
        }
        curve.push_back({core::secondsOf(bend), schedule.rateBefore(bend).perSecond});
        curve.push_back({core::secondsOf(bend), schedule.rateAt(bend).perSecond});
        before = bend;
    }
    return curve;
}

LoadCurve sumOf(const std::vector<LoadCurve>& curves) {
    std::vector<Change> changes;
    for (const LoadCurve& curve : curves) {
        addChanges(curve, changes);
    }
    std::stable_sort(changes.begin(), changes.end(), [](const Change& a, const Change& b) { return a.at < b.at; });
    LoadCurve sum;
    double rate = 0, slope = 0, now = 0;
    const auto rounded = [](double value) { return std::abs(value) < 1e-6 ? 0 : value; }; // what subtraction leaves
    for (auto change = changes.begin(); change != changes.end();) {
        rate += slope * (change->at - now);
        now = change->at;
        sum.push_back({now, rounded(rate)});
        for (; change != changes.end() && change->at == now; ++change) {
            rate += change->leap;
            slope += change->slope;
        }
        sum.push_back({now, rounded(rate)});
    }
    return sum;
}

} // namespace app
