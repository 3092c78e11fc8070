// SPDX-License-Identifier: GPL-3.0-or-later
// The charts over time.
#include "core/report/run_charts.h"
#include "core/report/run_words.h"
#include "core/results/sample_points.h"
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

/// At the middle of each bin, in ms; a gap where bins do not follow each other.
ChartSeries latencySeries(const std::vector<LatencyBin>& bins, std::optional<std::uint64_t> LatencyFigures::* figure,
                          std::string name, SeriesStyle style) {
    constexpr double kBreak = 1e-6; // seconds
    ChartSeries series{std::move(name), style, {}, false};
    double end = bins.empty() ? 0 : bins.front().from;
    for (const LatencyBin& bin : bins) {
        if (bin.from - end > kBreak) {
            series.points.push_back({(end + bin.from) / 2, kUnknown});
        }
        end = bin.until;
        const auto& micros = bin.figures.*figure;
        series.points.push_back({(bin.from + bin.until) / 2, micros ? static_cast<double>(*micros) / 1e3 : kUnknown});
    }
    return series;
}

/// Holds all lines and the limits.
AxisScale latencyScale(const LineChart& chart) {
    double lowest = std::numeric_limits<double>::infinity(), highest = 0;
    for (const ChartSeries& series : chart.series) {
        for (const ChartPoint& point : series.points) {
            lowest = point.y > 0 ? std::min(lowest, point.y) : lowest;
            highest = point.y > 0 ? std::max(highest, point.y) : highest;
        }
    }
    for (const ChartLevel& level : chart.levels) {
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
                   chartMarks(marksOf(result))};
    return chart;
}

LineChart latencyChart(const RunResult& result, Theme theme) {
    const std::vector<LatencyBin> bins = latencyBinsOf(result.samples);
    LineChart chart;
    std::vector<Threshold> rules;
    for (const RuleOutcome& outcome : result.verdict.rules) {
        rules.push_back(outcome.rule);
    }
    chart.levels = latencyLimits(rules);
    using Figures = LatencyFigures;
    chart.series = {latencySeries(bins, &Figures::p50, "p50", styleOf(SeriesRole::P50, theme)),
                    latencySeries(bins, &Figures::p90, "p90", styleOf(SeriesRole::P90, theme)),
                    latencySeries(bins, &Figures::p99, "p99", styleOf(SeriesRole::P99, theme)),
                    latencySeries(bins, &Figures::p999, "p99.9", styleOf(SeriesRole::P999, theme)),
                    latencySeries(bins, &Figures::max, "max", styleOf(SeriesRole::Max, theme))};
    chart.frame = {"End-to-end latency" + latencyPlace(result),   latencySummary(result), timeAxis(result),
                   {"ms", AxisUnit::Millis, latencyScale(chart)}, std::nullopt,           chartMarks(marksOf(result))};
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
                   chartMarks(marksOf(result))};
    return chart;
}

} // namespace core
