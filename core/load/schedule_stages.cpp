// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/load/random.h"
#include "core/load/schedule.h"

#include <algorithm>

namespace core {

namespace {

/// The rate at which a stage begins; nothing before it is 0.
Rate firstRate(const Stage& stage) {
    if (const auto* constant = std::get_if<ConstantStage>(&stage)) {
        return constant->rate;
    }
    if (const auto* staircase = std::get_if<StaircaseStage>(&stage)) {
        return staircase->from;
    }
    if (const auto* sine = std::get_if<SineStage>(&stage)) {
        return sine->mean;
    }
    return {};
}

Rate sumAt(const std::vector<Schedule>& schedules, Nanoseconds at) {
    Rate after;
    Rate before;
    for (const Schedule& schedule : schedules) {
        after.perSecond += schedule.rateAt(at).perSecond;
        before.perSecond += schedule.rateBefore(at).perSecond;
    }
    return std::max(before, after);
}

} // namespace

std::uint64_t arrivalSeed(std::uint64_t seed, std::size_t stream) {
    constexpr std::uint64_t kArrivals = 1ULL << 32U; // beyond the parts that the generators take of the seed
    return Random::mixed(seed, kArrivals + stream);
}

std::vector<Stage> stagesWithWarmup(const Stream& stream, Nanoseconds warmup) {
    std::vector<Stage> result;
    if (warmup > Nanoseconds::zero()) {
        const Rate rate = stream.stages.empty() ? Rate{} : firstRate(stream.stages.front());
        if (stream.start > Nanoseconds::zero() || rate.perSecond <= 0) {
            result.emplace_back(PauseStage{warmup});
        } else {
            result.emplace_back(ConstantStage{warmup, rate});
        }
    }
    if (stream.start > Nanoseconds::zero()) {
        result.emplace_back(PauseStage{stream.start});
    }
    result.insert(result.end(), stream.stages.begin(), stream.stages.end());
    return result;
}

Nanoseconds plannedLength(const Scenario& scenario) {
    Nanoseconds longest{};
    for (const Stream& stream : scenario.streams) {
        longest = std::max(
            longest, Schedule(stagesWithWarmup(stream, scenario.warmup), Arrival::Even, scenario.seed).duration());
    }
    return longest;
}

Rate peakRate(const Scenario& scenario) {
    constexpr Nanoseconds kStep = std::chrono::milliseconds(10);
    std::vector<Schedule> schedules;
    std::vector<Nanoseconds> bends;
    for (const Stream& stream : scenario.streams) {
        const Schedule& schedule =
            schedules.emplace_back(stagesWithWarmup(stream, scenario.warmup), Arrival::Even, scenario.seed);
        const auto own = schedule.bends();
        bends.insert(bends.end(), own.begin(), own.end());
    }
    std::sort(bends.begin(), bends.end());
    Rate peak;
    for (std::size_t i = 0; i < bends.size(); ++i) {
        peak = std::max(peak, sumAt(schedules, bends[i]));
        // Between two bends a sum of straight lines has no peak; one with a sine may.
        const bool curved = std::any_of(schedules.begin(), schedules.end(),
                                        [&](const Schedule& schedule) { return schedule.curvedAt(bends[i]); });
        const Nanoseconds until = curved && i + 1 < bends.size() ? bends[i + 1] : bends[i];
        for (Nanoseconds at = (bends[i] / kStep + 1) * kStep; at < until; at += kStep) {
            peak = std::max(peak, sumAt(schedules, at));
        }
    }
    return peak;
}

} // namespace core
