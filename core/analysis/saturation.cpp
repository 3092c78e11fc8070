// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analysis/saturation.h"

#include "core/text/figure_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>
#include <limits>
#include <optional>

namespace core {

namespace {

constexpr std::size_t kInARow = 3;
constexpr double kBusy = 0.95;                 // of the cores
constexpr std::uint64_t kSlow = 100'000;       // µs
constexpr std::uint64_t kManyTimesSlow = 10;   // than the fastest interval
constexpr std::uint64_t kSlowAnyway = 500'000; // µs, however slow the fastest interval was

/// Half-open.
struct TroubledStretch {
    std::size_t from = 0, until = 0;
};

/// The first stretch of at least `kInARow` intervals that all strain.
template <typename Strains>
std::optional<TroubledStretch> firstTroubledStretch(std::size_t count, const Strains& strains) {
    std::size_t from = 0;
    for (std::size_t i = 0; i <= count; ++i) {
        if (i < count && strains(i)) {
            continue;
        }
        if (i - from >= kInARow) {
            return TroubledStretch{from, i};
        }
        from = i + 1;
    }
    return std::nullopt;
}

std::optional<double> coresOf(const RunResult& result) {
    const auto found = result.host.find("cores");
    const double cores = found == result.host.end() ? 0 : std::strtod(found->second.c_str(), nullptr);
    return cores > 0 ? std::optional(cores) : std::nullopt;
}

std::string at(double seconds) {
    return fmt::format("{:.0f} s", seconds);
}

std::string between(const RunResult& result, const TroubledStretch& stretch) {
    return fmt::format("From {} to {}", at(result.samples[stretch.from].from),
                       at(result.samples[stretch.until - 1].until));
}

double highestCpu(const RunResult& result, const TroubledStretch& stretch) {
    double highest = 0;
    for (std::size_t i = stretch.from; i < stretch.until; ++i) {
        highest = std::max(highest, result.samples[i].machineCpu);
    }
    return highest;
}

void addMachine(const RunResult& result, std::vector<Strain>& strains) {
    const auto cores = coresOf(result);
    if (!cores) {
        return;
    }
    const auto stretch = firstTroubledStretch(
        result.samples.size(), [&](std::size_t i) { return result.samples[i].machineCpu >= kBusy * *cores; });
    if (stretch) {
        strains.push_back({result.samples[stretch->from].from, "the machine's CPU",
                           fmt::format("{} the machine used up to {} of its {} cores.", between(result, *stretch),
                                       figureText(highestCpu(result, *stretch)), figureText(*cores))});
    }
}

using Percentiles = std::vector<std::optional<std::uint64_t>>;

/// The p99 of each interval that has enough values, in µs.
Percentiles percentilesOf(const std::vector<MetricHistograms>& latencies, Metric metric) {
    Percentiles all;
    for (const auto& latency : latencies) {
        const auto& histogram = of(latency, metric);
        all.push_back(histogram.count() >= valuesNeeded(99) ? histogram.percentile(99) : std::nullopt);
    }
    return all;
}

struct Watched {
    Metric metric;
    std::string_view what;
    std::string_view name;
};

constexpr std::array kWatched{
    Watched{Metric::Processing, "the consumer's side", "the processing p99, from polled to stored,"},
    Watched{Metric::AckUncorrected, "the broker", "the ack p99, from sending,"},
    Watched{Metric::SendDelay, "handing events over", "the send delay p99"},
};

void addLatency(const RunResult& result, const Percentiles& all, const Watched& watched, std::vector<Strain>& strains) {
    std::uint64_t lowest = std::numeric_limits<std::uint64_t>::max();
    for (const auto& value : all) {
        lowest = std::min(lowest, value.value_or(lowest));
    }
    const auto stretch = firstTroubledStretch(all.size(), [&](std::size_t i) {
        return all[i] && *all[i] > kSlow && (*all[i] / kManyTimesSlow >= lowest || *all[i] >= kSlowAnyway);
    });
    if (!stretch) {
        return;
    }
    const auto begin = all.begin() + static_cast<std::ptrdiff_t>(stretch->from);
    const auto end = all.begin() + static_cast<std::ptrdiff_t>(stretch->until);
    const auto text = [](std::uint64_t micros) { return durationText(std::chrono::microseconds(micros)); };
    const std::uint64_t highest = **std::max_element(begin, end);
    strains.push_back(
        {result.samples[stretch->from].from, std::string(watched.what),
         fmt::format("{} {} {} {}; its lowest in the run was {}.", between(result, *stretch), watched.name,
                     highest / kManyTimesSlow >= lowest ? "rose up to" : "was up to", text(highest), text(lowest))});
}

void addBacklog(const RunResult& result, std::vector<Strain>& strains) {
    const auto& samples = result.samples;
    std::size_t from = 0;
    for (std::size_t i = 1; i <= samples.size(); ++i) {
        if (i < samples.size() && samples[i].backlog > samples[i - 1].backlog) {
            continue;
        }
        const std::size_t last = i - 1;
        const auto grown = samples.empty() ? 0 : samples[last].backlog - samples[from].backlog;
        if (last - from >= kInARow && static_cast<double>(grown) >= std::max(samples[last].target, 1.0)) {
            const double seconds = samples[last].until - samples[from].until;
            strains.push_back(
                {samples[from].until, "the consumer's side",
                 fmt::format("From {} to {} the backlog grew from {} to {} events, by {}: less was "
                             "stored than was acked.",
                             at(samples[from].until), at(samples[last].until), countText(samples[from].backlog),
                             countText(samples[last].backlog), rateText({static_cast<double>(grown) / seconds}))});
            return;
        }
        from = i;
    }
}

} // namespace

std::vector<Strain> strainsOf(const RunResult& result) {
    std::vector<MetricHistograms> latencies;
    for (const auto& sample : result.samples) {
        latencies.push_back(sample.latency.unpack());
    }
    std::vector<Strain> strains;
    addMachine(result, strains);
    for (const auto& watched : kWatched) {
        addLatency(result, percentilesOf(latencies, watched.metric), watched, strains);
    }
    addBacklog(result, strains);
    std::ranges::stable_sort(strains, {}, &Strain::fromSeconds);
    return strains;
}

std::string headroomText(const RunResult& result) {
    if (result.samples.empty()) {
        return "The run left no samples, so nothing can be said of what came to its limit.";
    }
    const auto& samples = result.samples;
    const double cpu = highestCpu(result, {0, samples.size()});
    const auto backlog = std::ranges::max_element(samples, {}, &Sample::backlog)->backlog;
    const auto cores = coresOf(result);
    return fmt::format(
        "Nothing in the samples came to its limit for {} intervals in a row: the machine used at most {} "
        "{}, and the backlog was at most {} events.",
        kInARow, figureText(cpu), cores ? fmt::format("of its {} cores", figureText(*cores)) : "cores",
        countText(backlog));
}

} // namespace core
