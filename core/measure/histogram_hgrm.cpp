// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/measure/latency_histogram.h"

#include <fmt/format.h>

#include <cmath>

namespace core {

namespace {

constexpr double kMicrosPerMilli = 1'000;

/// The percentile after `level` when each halving of the distance to 100 % is cut into `ticks` steps (the rule of
/// HdrHistogram's PercentileIterator).
double nextLevel(double level, int ticks) {
    const auto halvings = std::floor(std::log2(100.0 / (100.0 - level))) + 1;
    const auto next = level + 100.0 / (ticks * std::exp2(halvings));
    return next > level ? next : 100; // steps too small for a double
}

double standardDeviation(const LatencyHistogram& histogram) {
    const auto mean = histogram.mean().value_or(0);
    double sum = 0;
    for (std::size_t i = 0; i < histogram.counts().size(); ++i) {
        const auto distance = static_cast<double>(LatencyBuckets::middle(histogram.firstIndex() + i)) - mean;
        sum += distance * distance * static_cast<double>(histogram.counts()[i]);
    }
    return histogram.count() == 0 ? 0 : std::sqrt(sum / static_cast<double>(histogram.count()));
}

/// The table's rows: one for each level at the bucket in which it is reached, and one for 100 %.
std::string rows(const LatencyHistogram& histogram, int ticks) {
    std::string text;
    double level = 0;
    std::uint64_t seen = 0;
    const auto counts = histogram.counts();
    for (std::size_t i = 0; i < counts.size(); ++i) {
        seen += counts[i];
        const auto share = 100.0 * static_cast<double>(seen) / static_cast<double>(histogram.count());
        const auto value = static_cast<double>(LatencyBuckets::highest(histogram.firstIndex() + i)) / kMicrosPerMilli;
        // A bucket may reach several levels; once all values are counted, the 100 % row follows. Shares of counts
        // beyond 2^53 round to 100 % before.
        while (counts[i] != 0 && level < 100 && share >= level) {
            text += fmt::format("{:12.3f} {:2.12f} {:10d} {:14.2f}\n", value, level / 100, seen, 1 / (1 - level / 100));
            level = nextLevel(level, ticks);
            if (seen == histogram.count()) {
                break;
            }
        }
        if (counts[i] != 0 && seen == histogram.count()) {
            return text + fmt::format("{:12.3f} {:2.12f} {:10d}\n", value, 1.0, seen);
        }
    }
    return text;
}

} // namespace

std::string LatencyHistogram::hgrm(int ticksPerHalfDistance) const {
    auto text = fmt::format("{:>12} {:>14} {:>10} {:>14}\n\n", "Value", "Percentile", "TotalCount", "1/(1-Percentile)");
    text += rows(*this, ticksPerHalfDistance);
    text += fmt::format("#[Mean    = {:12.3f}, StdDeviation   = {:12.3f}]\n", mean().value_or(0) / kMicrosPerMilli,
                        standardDeviation(*this) / kMicrosPerMilli);
    text += fmt::format("#[Max     = {:12.3f}, Total count    = {:12d}]\n",
                        static_cast<double>(max().value_or(0)) / kMicrosPerMilli, count());
    text += fmt::format("#[Buckets = {:12d}, SubBuckets     = {:12d}]\n", LatencyBuckets::kOctaves,
                        2 * LatencyBuckets::kSteps);
    return text;
}

} // namespace core
