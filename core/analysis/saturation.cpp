// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analysis/saturation.h"

#include "core/text/figure_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>
#include <iterator>
#include <limits>
#include <optional>
#include <tuple>

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

/// Among equals the first explains the others.
enum class StrainKind { Outage, Members, Load, Machine, Generator, Way };

struct Candidate {
    Strain strain;
    StrainKind kind = StrainKind::Way;
    double untilSeconds = 0;
    bool always = false; ///< from the first interval on
};

constexpr double kEffectLasts = 30; // seconds after which a rule may still break for it

/// Of the stretches of at least `kInARow` intervals that all strain, the last that began before a rule broke; else the
/// first.
template <typename Strains>
std::optional<TroubledStretch> troubledStretch(const RunResult& result, const Strains& strains) {
    const std::size_t count = result.samples.size();
    const std::optional<double> broke = firstBreak(result);
    std::optional<TroubledStretch> found;
    std::size_t from = 0;
    for (std::size_t i = 0; i <= count; ++i) {
        if (i < count && strains(i)) {
            continue;
        }
        if (i - from >= kInARow && (!found || (broke && result.samples[from].from <= *broke))) {
            found = TroubledStretch{from, i};
        }
        from = i + 1;
    }
    return found;
}

/// `firstMeasured`: the first interval that could have shown it.
Candidate seenIn(const RunResult& result, const TroubledStretch& stretch, StrainKind kind, std::string what,
                 std::string evidence, std::size_t firstMeasured = 0) {
    return {{result.samples[stretch.from].from, std::move(what), std::move(evidence)},
            kind,
            result.samples[stretch.until - 1].until,
            stretch.from <= firstMeasured};
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

/// The busiest interval.
const Sample& busiest(const RunResult& result, const TroubledStretch& stretch) {
    const auto begin = result.samples.begin();
    return *std::max_element(begin + static_cast<std::ptrdiff_t>(stretch.from),
                             begin + static_cast<std::ptrdiff_t>(stretch.until),
                             [](const Sample& a, const Sample& b) { return a.machineCpu < b.machineCpu; });
}

void addMachine(const RunResult& result, std::vector<Candidate>& candidates) {
    const auto cores = coresOf(result);
    if (!cores) {
        return;
    }
    const auto stretch =
        troubledStretch(result, [&](std::size_t i) { return result.samples[i].machineCpu >= kBusy * *cores; });
    if (stretch) {
        const Sample& most = busiest(result, *stretch);
        candidates.push_back(seenIn(result, *stretch, StrainKind::Machine, "the machine's CPU",
                                    fmt::format("{} the machine used up to {} of its {} cores: {} by Millrace, {} by "
                                                "others.",
                                                between(result, *stretch), figureText(most.machineCpu),
                                                figureText(*cores), figureText(most.processCpu),
                                                figureText(std::max(0.0, most.machineCpu - most.processCpu)))));
    }
}

std::string_view whatOf(const std::optional<End>& end) {
    if (!end) {
        return "the generator";
    }
    switch (*end) {
    case End::Broker:
        return "the broker";
    case End::Store:
        return "the store";
    case End::Filter:
        return "the duplicate filter";
    }
    return {};
}

void addOutages(const RunResult& result, std::vector<Candidate>& candidates) {
    for (const Mark& mark : result.timeline) {
        if (mark.kind != MarkKind::Outage) {
            continue;
        }
        const double until = mark.seconds + secondsOf(mark.duration);
        const bool slow = mark.rate.perSecond > 0; // rather a sign than a cause: whoever feeds it may be slow as well
        const std::string_view what = slow && mark.end == End::Store ? "the consumer's side" : whatOf(mark.end);
        candidates.push_back({{mark.seconds, std::string(what),
                               fmt::format("From {} to {}: {}.", at(mark.seconds), at(until), textOf(mark))},
                              slow       ? StrainKind::Way
                              : mark.end ? StrainKind::Outage
                                         : StrainKind::Generator,
                              until});
    }
}

double drainBegan(const RunResult& result) {
    const auto drain = std::ranges::find_if(result.timeline, [](const Mark& m) { return begins(m, Phase::Drain); });
    return drain == result.timeline.end() ? std::numeric_limits<double>::max() : drain->seconds;
}

/// Consumers that came or went under load, as one.
void addMembers(const RunResult& result, double reference, std::vector<Candidate>& candidates) {
    const double end = std::min(drainBegan(result), reference + 1);
    std::optional<double> from;
    double until = 0;
    std::size_t partitions = 0;
    for (const Mark& mark : result.timeline) {
        if (mark.kind == MarkKind::Rebalance && mark.change != PartitionChange::Assigned && mark.seconds > 0 &&
            mark.seconds >= reference - kEffectLasts && mark.seconds < end) {
            from = from.value_or(mark.seconds);
            until = mark.seconds;
            partitions += mark.partitions;
        }
    }
    if (from) {
        candidates.push_back({{*from, "the group of consumers",
                               fmt::format("From {} to {} consumers released or lost {}.", at(*from), at(until),
                                           counted(partitions, "partition"))},
                              StrainKind::Members,
                              until});
    }
}

void addLoad(const RunResult& result, std::vector<Candidate>& candidates) {
    constexpr double kRise = 1.5;
    for (const Mark& mark : result.timeline) {
        if (mark.kind == MarkKind::Burst || mark.kind == MarkKind::Rate) {
            const double until = mark.seconds + secondsOf(mark.duration);
            candidates.push_back(
                {{mark.seconds, mark.kind == MarkKind::Burst ? "a burst" : "a change of the rate",
                  fmt::format("At {}: {} {}.", at(mark.seconds),
                              mark.kind == MarkKind::Burst ? "a burst of" : "the rate of", textOf(mark))},
                 StrainKind::Load,
                 until});
        }
    }
    const auto& samples = result.samples;
    for (std::size_t i = 1; i < samples.size(); ++i) {
        if (samples[0].target > 0 && samples[i].target >= kRise * samples[0].target) {
            const auto highest = std::ranges::max_element(samples, {}, &Sample::target);
            candidates.push_back({{samples[i].from, "the load",
                                   fmt::format("From {} on the target rose from {} to {}.", at(samples[i].from),
                                               rateText({samples[0].target}), rateText({highest->target}))},
                                  StrainKind::Load,
                                  highest->until});
            return;
        }
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

void addLatency(const RunResult& result, const Percentiles& all, const Watched& watched,
                std::vector<Candidate>& candidates) {
    std::uint64_t lowest = std::numeric_limits<std::uint64_t>::max();
    for (const auto& value : all) {
        lowest = std::min(lowest, value.value_or(lowest));
    }
    const auto stretch = troubledStretch(result, [&](std::size_t i) {
        return all[i] && *all[i] > kSlow && (*all[i] / kManyTimesSlow >= lowest || *all[i] >= kSlowAnyway);
    });
    if (!stretch) {
        return;
    }
    const auto begin = all.begin() + static_cast<std::ptrdiff_t>(stretch->from);
    const auto end = all.begin() + static_cast<std::ptrdiff_t>(stretch->until);
    const auto text = [](std::uint64_t micros) { return durationText(std::chrono::microseconds(micros)); };
    const std::uint64_t highest = **std::max_element(begin, end);
    candidates.push_back(seenIn(
        result, *stretch, StrainKind::Way, std::string(watched.what),
        fmt::format("{} {} {} {}; its lowest in the run was {}.", between(result, *stretch), watched.name,
                    highest / kManyTimesSlow >= lowest ? "rose up to" : "was up to", text(highest), text(lowest)),
        static_cast<std::size_t>(std::ranges::find_if(all, [](const auto& p) { return p.has_value(); }) -
                                 all.begin())));
}

/// As troubledStretch().
void addBacklog(const RunResult& result, std::vector<Candidate>& candidates) {
    const auto& samples = result.samples;
    const auto broke = firstBreak(result);
    std::optional<std::pair<std::size_t, std::size_t>> found; // from one interval's end to another's
    std::size_t from = 0;
    for (std::size_t i = 1; i <= samples.size(); ++i) {
        if (i < samples.size() && samples[i].backlog > samples[i - 1].backlog) {
            continue;
        }
        const std::size_t last = i - 1;
        const auto grown = samples.empty() ? 0 : samples[last].backlog - samples[from].backlog;
        const bool counts = last - from >= kInARow && static_cast<double>(grown) >= std::max(samples[last].target, 1.0);
        if (counts && (!found || (broke && samples[from].until <= *broke))) {
            found = {from, last};
        }
        from = i;
    }
    if (!found) {
        return;
    }
    const Sample& begin = samples[found->first];
    const Sample& end = samples[found->second];
    const double perSecond = static_cast<double>(end.backlog - begin.backlog) / (end.until - begin.until);
    candidates.push_back({{begin.until, "the consumer's side",
                           fmt::format("From {} to {} the backlog grew from {} to {} events, by {}: less was stored "
                                       "than was acked.",
                                       at(begin.until), at(end.until), countText(begin.backlog), countText(end.backlog),
                                       rateText({perSecond}))},
                          StrainKind::Way,
                          end.until,
                          found->first == 0});
}

} // namespace

std::optional<double> firstBreak(const RunResult& result) {
    std::optional<double> first;
    for (const RuleOutcome& rule : result.verdict.rules) {
        if (rule.brokeAtSeconds && rule.status == RuleStatus::Failed) {
            first = std::min(first.value_or(*rule.brokeAtSeconds), *rule.brokeAtSeconds);
        }
    }
    return first;
}

std::vector<Strain> strainsOf(const RunResult& result) {
    std::vector<MetricHistograms> latencies;
    for (const auto& sample : result.samples) {
        latencies.push_back(sample.latency.unpack());
    }
    std::vector<Candidate> candidates;
    addOutages(result, candidates);
    addMachine(result, candidates);
    for (const auto& watched : kWatched) {
        addLatency(result, percentilesOf(latencies, watched.metric), watched, candidates);
    }
    addBacklog(result, candidates);
    const auto broke = firstBreak(result);
    if (broke || !candidates.empty()) { // without a rule that broke: before the first that was found
        const auto first =
            std::ranges::min_element(candidates, {}, [](const Candidate& c) { return c.strain.fromSeconds; });
        const double reference = broke ? *broke : first->strain.fromSeconds;
        addMembers(result, reference, candidates);
        std::vector<Candidate> loads;
        addLoad(result, loads);
        std::ranges::copy_if(loads, std::back_inserter(candidates),
                             [&](const Candidate& each) { return broke || each.strain.fromSeconds <= reference + 1; });
    }
    const auto rank = [&broke](const Candidate& each) {
        const bool before =
            !broke || (each.strain.fromSeconds <= *broke + 1 && each.untilSeconds >= *broke - kEffectLasts);
        return std::tuple(each.always ? 2 : before ? 0 : 1, each.kind, each.strain.fromSeconds);
    };
    std::ranges::stable_sort(candidates, {}, rank);
    std::vector<Strain> strains;
    for (Candidate& each : candidates) {
        strains.push_back(std::move(each.strain));
    }
    return strains;
}

std::string headroomText(const RunResult& result) {
    if (result.samples.empty()) {
        return "The run left no samples, so nothing can be said of what came to its limit.";
    }
    const auto& samples = result.samples;
    const TroubledStretch whole{0, samples.size()};
    const Sample& most = busiest(result, whole);
    const auto backlog = std::ranges::max_element(samples, {}, &Sample::backlog)->backlog;
    const auto cores = coresOf(result);
    return fmt::format(
        "Nothing in the samples came to its limit for {} intervals in a row: the machine used at most {} "
        "{} ({} by Millrace), and the backlog was at most {} events.",
        kInARow, figureText(most.machineCpu), cores ? fmt::format("of its {} cores", figureText(*cores)) : "cores",
        figureText(most.processCpu), countText(backlog));
}

} // namespace core
