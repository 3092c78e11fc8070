// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analysis/step_shares.h"

#include <algorithm>
#include <numeric>

namespace core {

std::string_view nameOf(Step step) {
    constexpr std::array<std::string_view, kSteps.size()> kNames{"due to sent", "sent to acked", "acked to polled",
                                                                 "polled to stored"};
    return kNames.at(static_cast<std::size_t>(step));
}

double StepShares::shareOf(Step step) const {
    const auto all = std::accumulate(p99.begin(), p99.end(), std::uint64_t{0});
    return all == 0 ? 0 : static_cast<double>(p99.at(static_cast<std::size_t>(step))) / static_cast<double>(all);
}

std::optional<StepShares> stepShares(const RunResult& result, double fromSeconds, double untilSeconds) {
    MetricHistograms sum;
    for (const Sample& sample : result.samples) {
        if (sample.from >= fromSeconds && sample.until <= untilSeconds) {
            const MetricHistograms latency = sample.latency.unpack();
            for (const Metric metric : kMetrics) {
                of(sum, metric).add(of(latency, metric));
            }
        }
    }
    if (of(sum, Metric::EndToEnd).count() < valuesNeeded(99)) {
        return std::nullopt;
    }
    const auto p99 = [&sum](Metric metric) { return of(sum, metric).percentile(99).value_or(0); };
    const std::uint64_t whole = p99(Metric::EndToEnd), sending = p99(Metric::SendDelay),
                        broker = p99(Metric::AckUncorrected), storing = p99(Metric::Processing);
    return StepShares{{sending, broker, whole - std::min(whole, sending + broker + storing), storing}};
}

} // namespace core
