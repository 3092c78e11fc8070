// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/fleet/share_plan.h"

#include "core/load/schedule.h"

#include <algorithm>
#include <numeric>

namespace core {

std::vector<std::vector<StreamShare>> dealStreams(const Scenario& scenario, std::size_t producers) {
    std::vector<double> peaks;
    for (const Stream& stream : scenario.streams) {
        peaks.push_back(
            Schedule(stagesWithWarmup(stream, scenario.warmup), stream.arrival, scenario.seed).peakRate().perSecond);
    }
    std::vector<std::size_t> largestFirst(peaks.size());
    std::iota(largestFirst.begin(), largestFirst.end(), std::size_t{0});
    std::ranges::stable_sort(largestFirst, std::greater<>(), [&peaks](std::size_t i) { return peaks[i]; });

    const double fair = std::accumulate(peaks.begin(), peaks.end(), 0.0) / static_cast<double>(producers);
    std::vector<std::vector<StreamShare>> dealt(producers);
    std::vector<double> load(producers, 0.0);
    const auto shareByAll = [&dealt](std::size_t stream) {
        for (std::size_t i = 0; i < dealt.size(); ++i) {
            dealt[i].push_back({static_cast<std::uint8_t>(stream),
                                {static_cast<std::uint32_t>(i), static_cast<std::uint32_t>(dealt.size())}});
        }
    };
    for (const std::size_t stream : largestFirst) {
        if (peaks[stream] > fair) {
            shareByAll(stream);
            continue;
        }
        const auto least = static_cast<std::size_t>(std::ranges::min_element(load) - load.begin());
        load[least] += peaks[stream];
        dealt[least].push_back({static_cast<std::uint8_t>(stream), {}});
    }
    shareByAll(peaks.size());
    for (auto& streams : dealt) {
        std::ranges::sort(streams, {}, &StreamShare::stream);
    }
    return dealt;
}

} // namespace core
