// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/measure/latency_histogram.h"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <ctime>
#include <memory>
#include <vector>

/// What recording one latency costs on this machine, beside the least it could cost: adding one to a plain array's
/// cell. Ends with 1 if recording costs more than 20 ns.

namespace {

constexpr std::size_t kValues = 1U << 20U;
constexpr int kRounds = 20;
constexpr int kRepeats = 9;
constexpr double kMost = 20;

/// Latencies around 12 ms with a tail to seconds, from a fixed generator; ns.
std::vector<core::Nanoseconds> latencies() {
    std::vector<core::Nanoseconds> values(kValues);
    std::uint64_t state = 42;
    for (auto& value : values) {
        state = state * 6'364'136'223'846'793'005ULL + 1'442'695'040'888'963'407ULL;
        const auto tail = 1 + (state >> 60U) * (state >> 60U);
        value = core::Nanoseconds(static_cast<std::int64_t>((state >> 40U) % 12'000'000 * tail));
    }
    return values;
}

/// Nanoseconds of processor time a call: the best of several, since others may be at work on this machine.
template <typename Work>
double cost(Work work) {
    double best = 1e9;
    for (int repeat = 0; repeat < kRepeats; ++repeat) {
        const std::clock_t begin = std::clock();
        for (int round = 0; round < kRounds; ++round) {
            work();
        }
        const double seconds = static_cast<double>(std::clock() - begin) / CLOCKS_PER_SEC;
        best = std::min(best, seconds * 1e9 / (kRounds * static_cast<double>(kValues)));
    }
    return best;
}

} // namespace

int main() {
    const auto values = latencies();
    core::HistogramLane lane;
    const double record = cost([&] {
        for (const auto value : values) {
            lane.record(value);
        }
    });
    core::LatencyHistogram recorded;
    lane.addTo(recorded);

    // The same cells in the same order, with the index ready-made; volatile, so that each addition happens.
    std::vector<std::uint32_t> cells;
    for (const auto value : values) {
        cells.push_back(static_cast<std::uint32_t>(
            core::LatencyBuckets::indexOf(static_cast<std::uint64_t>(value.count()) / 1'000)));
    }
    const auto array = std::make_unique<std::uint64_t[]>(core::LatencyBuckets::kCount);
    volatile std::uint64_t* const counts = array.get();
    const double increment = cost([&] {
        for (const auto cell : cells) {
            counts[cell] = counts[cell] + 1;
        }
    });

    const double addTo = cost([&, sum = core::LatencyHistogram()]() mutable {
                             sum = {};
                             lane.addTo(sum);
                         }) *
                         static_cast<double>(kValues) / 1'000;

    std::printf("HistogramLane::record()      %6.2f ns\n", record);
    std::printf("plain array increment        %6.2f ns, ratio %.1f\n", increment, record / increment);
    std::printf("reading a lane of %5zu buckets %6.2f µs\n", recorded.counts().size(), addTo);
    if (recorded.count() != kValues * kRounds * kRepeats) {
        std::printf("values are missing: %llu\n", static_cast<unsigned long long>(recorded.count()));
        return 1;
    }
    return record <= kMost ? 0 : 1;
}
