// SPDX-License-Identifier: GPL-3.0-or-later
// The charts over time.
#include "core/report/run_charts.h"
#include "core/report/run_words.h"
#include "core/text/figure_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

namespace core {
namespace {

/// One for all charts over time; the marks of the end are in view.
ChartAxis timeAxis(const RunResult& result) {
    const auto& samples = result.samples;
    const double from = samples.empty() ? 0 : std::min(0.0, samples.front().from);
    double until = samples.empty() ? result.seconds : samples.back().until;
    for (const Mark& mark : result.timeline) {
        until = std::max(until, mark.seconds);
    }
    return {"seconds since the first event", AxisUnit::Seconds, timeScale(from, until)};
}

double middleOf(const Sample& sample) {
    return (sample.from + sample.until) / 2;
}

double perSecond(std::uint64_t events, const Sample& sample) {
    const double length = sample.until - sample.from;
    return length > 0 ? static_cast<double>(events) / length : kUnknown;
}

double highestOf(const std::vector<ChartSeries>& all, bool onRight) {
    double highest = 0;
    for (const ChartSeries& series : all) {
        for (const ChartPoint& point : series.points) {
            if (series.onRight == onRight && std::isfinite(point.y)) {
                highest = std::max(highest, point.y);
            }
        }
    }
    return highest;
}

std::string ratesSummary(const RunResult& result, double highestBacklog) {
    return fmt::format("Target {}, sent {}, acked {}, stored {} in the measured {}; the backlog was at most {}.",
                       rateText({result.targetRate}), rateText({result.sentRate}), rateText({result.ackedRate}),
                       rateText({result.storedRate}), secondsText(result.seconds),
                       counted(static_cast<std::uint64_t>(highestBacklog), "event"));
}

/// An interval's end-to-end latencies.
struct Latencies {
    double from = 0, until = 0;
    LatencyHistogram histogram;
};

/// So many neighbours together that three of four stretches have a p99, but at least 6 stretches where there are that
/// many intervals.
std::size_t neighboursTogether(const std::vector<Latencies>& each) {
    constexpr std::uint64_t kWanted = 1'200; // values in each; a p99 needs 1,000
    std::vector<std::uint64_t> counts;
    for (const Latencies& one : each) {
        if (one.histogram.count() > 0) {
            counts.push_back(one.histogram.count());
        }
    }
    if (counts.empty()) {
        return 1;
    }
    std::ranges::sort(counts);
    const std::uint64_t low = counts[counts.size() / 4];
    const std::uint64_t most = std::max<std::uint64_t>(each.size() / 6, 1);
    return static_cast<std::size_t>(std::clamp<std::uint64_t>((kWanted + low - 1) / low, 1, most));
}

std::vector<Latencies> latenciesOf(const RunResult& result) {
    std::vector<Latencies> each;
    for (const Sample& sample : result.samples) {
        each.push_back({sample.from, sample.until, of(sample.latency.unpack(), Metric::EndToEnd)});
    }
    const std::size_t together = neighboursTogether(each);
    std::vector<Latencies> sums;
    for (std::size_t i = 0; i < each.size(); ++i) {
        if (i % together == 0) {
            sums.push_back(std::move(each[i]));
            continue;
        }
        sums.back().until = each[i].until;
        sums.back().histogram.add(each[i].histogram);
    }
    return sums;
}

double millis(std::optional<std::uint64_t> micros) {
    return micros ? static_cast<double>(*micros) / 1e3 : kUnknown;
}

ChartSeries percentileSeries(const std::vector<Latencies>& all, double percentile, std::string name,
                             SeriesStyle style) {
    ChartSeries series{std::move(name), style, {}, false};
    for (const Latencies& each : all) {
        const bool enough = each.histogram.count() >= valuesNeeded(percentile);
        series.points.push_back(
            {(each.from + each.until) / 2, enough ? millis(each.histogram.percentile(percentile)) : kUnknown});
    }
    return series;
}

/// Holds everything from the fastest to the slowest event, and the limits.
AxisScale latencyScale(const std::vector<Latencies>& all, const std::vector<ChartLevel>& levels) {
    double lowest = std::numeric_limits<double>::infinity(), highest = 0;
    for (const Latencies& each : all) {
        if (each.histogram.count() > 0) {
            lowest = std::min(lowest, std::max(millis(each.histogram.percentile(1)), 1e-3));
            highest = std::max(highest, millis(each.histogram.max()));
        }
    }
    for (const ChartLevel& level : levels) {
        highest = std::max(highest, level.y);
    }
    return std::isfinite(lowest) ? logScale(lowest, highest) : logScale(1, 1'000);
}

std::string latencySummary(const RunResult& result) {
    const LatencyHistogram& all = of(result.latency, Metric::EndToEnd);
    if (all.count() == 0) {
        return "No event of the measured part was stored, so there is no end-to-end latency.";
    }
    return fmt::format("End-to-end{} of the measured part: p50 {}, p99 {}, p99.9 {}, max {}, of {}.",
                       latencyPlace(result), percentileText(all, 50), percentileText(all, 99),
                       percentileText(all, 99.9), latencyText(all.max()), counted(all.count(), "event"));
}

} // namespace

std::vector<ChartLevel> latencyLimits(std::span<const Threshold> rules) {
    std::vector<ChartLevel> levels;
    for (const Threshold& rule : rules) {
        const bool drawn = rule.quantity == Threshold::Quantity::Latency && rule.metric == Metric::EndToEnd &&
                           !rule.tier && rule.during.empty();
        if (drawn) {
            levels.push_back({rule.limit / 1e3, rule.text});
        }
    }
    return levels;
}

LineChart ratesChart(const RunResult& result, Theme theme) {
    LineChart chart;
    ChartSeries backlog{"backlog", styleOf(SeriesRole::Backlog, theme), {}, true};
    ChartSeries planned{"planned", styleOf(SeriesRole::Planned, theme), {}, false};
    ChartSeries sent{"sent", styleOf(SeriesRole::Sent, theme), {}, false};
    ChartSeries acked{"acked", styleOf(SeriesRole::Acked, theme), {}, false};
    ChartSeries stored{"stored", styleOf(SeriesRole::Stored, theme), {}, false};
    for (const Sample& sample : result.samples) {
        const double at = middleOf(sample);
        backlog.points.push_back({at, static_cast<double>(sample.backlog)});
        planned.points.push_back({at, sample.target});
        sent.points.push_back({at, perSecond(sample.producer.sent, sample)});
        acked.points.push_back({at, perSecond(sample.producer.acked, sample)});
        stored.points.push_back({at, perSecond(sample.consumer.stored, sample)});
    }
    chart.series = {planned, sent, acked, stored, backlog};
    const double highestBacklog = highestOf(chart.series, true);
    chart.frame = {"Rates",
                   ratesSummary(result, highestBacklog),
                   timeAxis(result),
                   {"events/s", AxisUnit::Rate, linearScale(highestOf(chart.series, false))},
                   ChartAxis{"events", AxisUnit::Events, linearScale(highestBacklog)},
                   chartMarks(result.timeline)};
    return chart;
}

LineChart latencyChart(const RunResult& result, Theme theme) {
    const std::vector<Latencies> all = latenciesOf(result);
    LineChart chart;
    std::vector<Threshold> rules;
    for (const RuleOutcome& outcome : result.verdict.rules) {
        rules.push_back(outcome.rule);
    }
    chart.levels = latencyLimits(rules);
    ChartSeries highest{"max", styleOf(SeriesRole::Max, theme), {}, false};
    for (const Latencies& each : all) {
        highest.points.push_back({(each.from + each.until) / 2, millis(each.histogram.max())});
    }
    chart.series = {percentileSeries(all, 50, "p50", styleOf(SeriesRole::P50, theme)),
                    percentileSeries(all, 90, "p90", styleOf(SeriesRole::P90, theme)),
                    percentileSeries(all, 99, "p99", styleOf(SeriesRole::P99, theme)),
                    percentileSeries(all, 99.9, "p99.9", styleOf(SeriesRole::P999, theme)), std::move(highest)};
    chart.frame = {"End-to-end latency" + latencyPlace(result),
                   latencySummary(result),
                   timeAxis(result),
                   {"ms", AxisUnit::Millis, latencyScale(all, chart.levels)},
                   std::nullopt,
                   chartMarks(result.timeline)};
    return chart;
}

HeatChart latencyHeat(const RunResult& result) {
    HeatChart chart;
    for (const Sample& sample : result.samples) {
        const CoarseHistogram latency(of(sample.latency.unpack(), Metric::EndToEnd));
        chart.stretches.push_back({sample.from, sample.until, latency.heat()});
    }
    chart.range = heatRangeOf(chart.stretches);
    chart.frame = {"Latency by time" + latencyPlace(result),
                   "Over time, how each interval's events are spread over latencies. " + latencySummary(result),
                   timeAxis(result),
                   {"end-to-end latency", AxisUnit::Latency, chart.range.scale()},
                   std::nullopt,
                   chartMarks(result.timeline)};
    return chart;
}

} // namespace core
