// SPDX-License-Identifier: GPL-3.0-or-later
// The charts of a whole run's latencies.
#include "core/report/run_charts.h"
#include "core/report/run_words.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

namespace core {
namespace {

struct Both {
    const LatencyHistogram& corrected;
    const LatencyHistogram& uncorrected;
};

Both bothOf(const RunResult& result) {
    return {of(result.latency, Metric::EndToEnd), of(result.latency, Metric::EndToEndUncorrected)};
}

double millis(std::uint64_t micros) {
    return static_cast<double>(micros) / 1e3;
}

/// From about the fastest to the slowest of all.
AxisScale scaleOf(const std::vector<const LatencyHistogram*>& histograms) {
    double lowest = std::numeric_limits<double>::infinity(), highest = 0;
    for (const LatencyHistogram* const histogram : histograms) {
        if (histogram->count() > 0) {
            lowest = std::min(lowest, std::max(millis(*histogram->percentile(1)), 1e-3));
            highest = std::max(highest, millis(*histogram->max()));
        }
    }
    return std::isfinite(lowest) ? logScale(lowest, highest) : logScale(1, 1'000);
}

/// A percentile, as 1 / (1 − p), has enough values; those near p0 need as many as p20 does.
bool isEnough(std::uint64_t values, double nine) {
    return values >= valuesNeeded(100 - 100 / std::max(nine, 1.25));
}

/// Percentiles at equal steps of the axis, as 1 / (1 − p): p0 … p50 … p90 … as far as so many values carry.
std::vector<double> nines(std::uint64_t values) {
    constexpr int kSteps = 20, kMost = 6; // a decade; decades
    std::vector<double> all;
    for (int step = 0; step <= kSteps * kMost; ++step) {
        const double at = std::pow(10.0, static_cast<double>(step) / kSteps);
        if (!isEnough(values, at)) {
            break;
        }
        all.push_back(at);
    }
    return all;
}

ChartSeries curveOf(const LatencyHistogram& histogram, const std::vector<double>& at, std::string name,
                    SeriesStyle style) {
    ChartSeries series{std::move(name), style, {}, false};
    for (const double nine : at) {
        const auto value = isEnough(histogram.count(), nine) ? histogram.percentile(100 - 100 / nine) : std::nullopt;
        series.points.push_back({nine, value ? millis(*value) : kUnknown});
    }
    return series;
}

/// The edges of bands of equal height on a logarithmic scale.
std::vector<double> logBands(const AxisScale& scale) {
    constexpr int kPerDecade = 20;
    const auto count = static_cast<int>(std::lround(std::log10(scale.until / scale.from) * kPerDecade));
    std::vector<double> edges;
    for (int i = 0; i <= count; ++i) {
        edges.push_back(scale.from * std::pow(10.0, static_cast<double>(i) / kPerDecade));
    }
    return edges;
}

ChartSeries spreadOf(const LatencyHistogram& histogram, const std::vector<double>& bands, std::string name,
                     SeriesStyle style) {
    ChartSeries series{std::move(name), style, {}, false};
    std::uint64_t above = histogram.count();
    for (std::size_t band = 1; band < bands.size(); ++band) {
        const bool last = band + 1 == bands.size();
        const std::uint64_t left = last ? 0 : histogram.countAbove(static_cast<std::uint64_t>(bands[band] * 1e3));
        const double share = histogram.count() == 0
                                 ? kUnknown
                                 : 100 * static_cast<double>(above - left) / static_cast<double>(histogram.count());
        series.points.push_back({std::sqrt(bands[band - 1] * bands[band]), share});
        above = left;
    }
    return series;
}

std::string differenceText(const RunResult& result) {
    const Both both = bothOf(result);
    return fmt::format("End-to-end{} p99 is {} from the due time and {} from sending; what lies between them is what "
                       "events waited before they could be sent.",
                       latencyPlace(result), percentileText(both.corrected, 99), percentileText(both.uncorrected, 99));
}

} // namespace

LineChart percentileCurve(const RunResult& result, Theme theme) {
    const Both both = bothOf(result);
    const std::vector<double> at = nines(both.corrected.count());
    LineChart chart;
    chart.series = {curveOf(both.uncorrected, at, "from sending", styleOf(SeriesRole::Uncorrected, theme)),
                    curveOf(both.corrected, at, "from the due time", styleOf(SeriesRole::Corrected, theme))};
    chart.frame = {"Percentiles of end-to-end latencies" + latencyPlace(result),
                   differenceText(result),
                   {"percentile, as 1 / (1 − p)", AxisUnit::Nines, logScale(1, at.empty() ? 10 : at.back())},
                   {"ms", AxisUnit::Millis, scaleOf({&both.corrected, &both.uncorrected})},
                   std::nullopt,
                   {}};
    return chart;
}

LineChart latencySpread(const RunResult& result, Theme theme) {
    const Both both = bothOf(result);
    const AxisScale scale = scaleOf({&both.corrected, &both.uncorrected});
    const std::vector<double> bands = logBands(scale);
    LineChart chart;
    chart.series = {spreadOf(both.uncorrected, bands, "from sending", styleOf(SeriesRole::Uncorrected, theme)),
                    spreadOf(both.corrected, bands, "from the due time", styleOf(SeriesRole::Corrected, theme))};
    double highest = 0;
    for (const ChartSeries& series : chart.series) {
        for (const ChartPoint& point : series.points) {
            highest = std::max(highest, std::isfinite(point.y) ? point.y : 0);
        }
    }
    chart.frame = {"Histogram of end-to-end latencies" + latencyPlace(result),
                   differenceText(result),
                   {"ms", AxisUnit::Millis, scale},
                   {"share of events, %", AxisUnit::Percent, linearScale(highest)},
                   std::nullopt,
                   {}};
    return chart;
}

LineChart comparedPercentiles(std::span<const RunResult> runs, Theme theme) {
    LineChart chart;
    std::vector<const LatencyHistogram*> histograms;
    std::uint64_t most = 0;
    for (const RunResult& run : runs) {
        histograms.push_back(&of(run.latency, Metric::EndToEnd));
        most = std::max(most, histograms.back()->count());
    }
    const std::vector<double> at = nines(most);
    std::string place;
    for (std::size_t i = 0; i < runs.size(); ++i) {
        chart.series.push_back(curveOf(*histograms[i], at, fmt::format("run {}", i + 1), styleOfRun(i, theme)));
        if (onEmbeddedBroker(runs[i])) {
            place = latencyPlace(runs[i]);
        }
    }
    chart.frame = {"Percentiles of end-to-end latencies" + place,
                   "Each run's end-to-end latency from the due time, as far as it has enough values.",
                   {"percentile, as 1 / (1 − p)", AxisUnit::Nines, logScale(1, at.empty() ? 10 : at.back())},
                   {"ms", AxisUnit::Millis, scaleOf(histograms)},
                   std::nullopt,
                   {}};
    return chart;
}

} // namespace core
