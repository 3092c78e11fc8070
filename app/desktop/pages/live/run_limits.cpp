// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/desktop/pages/live/run_limits.h"

#include "core/verdict/threshold.h"

namespace app {

namespace {

constexpr double kSaturatedMicros = 10'000; // of the wake delay at p99: the run is invalid

} // namespace

std::optional<core::Nanoseconds> endToEndP99Limit(const core::Scenario& scenario) {
    using core::Threshold;
    for (const core::ThresholdSpec& spec : scenario.thresholds) {
        const auto rule = Threshold::parse(spec);
        const bool upper = rule && (rule->comparison == Threshold::Comparison::Less ||
                                    rule->comparison == Threshold::Comparison::LessOrEqual);
        if (upper && rule->quantity == Threshold::Quantity::Latency && rule->metric == core::Metric::EndToEnd &&
            rule->statistic == Threshold::Statistic::Percentile && rule->percentile == 99 && !rule->tier &&
            rule->during.empty() && rule->over == core::Nanoseconds::zero()) {
            return std::chrono::duration_cast<core::Nanoseconds>(
                std::chrono::duration<double, std::micro>(rule->limit));
        }
    }
    return std::nullopt;
}

NearestLimit nearestLimit(const core::HostSample& host, const std::optional<core::Window>& recent) {
    NearestLimit nearest;
    if (host.cores > 0) {
        nearest = {NearestLimit::What::MachineCpu, host.machineCpu / host.cores};
    }
    if (recent && recent->wakeDelay.count() >= core::valuesNeeded(99)) {
        const double share = static_cast<double>(*recent->wakeDelay.percentile(99)) / kSaturatedMicros;
        if (share > nearest.share || nearest.what == NearestLimit::What::Nothing) {
            nearest = {NearestLimit::What::Generator, share};
        }
    }
    return nearest;
}

} // namespace app
