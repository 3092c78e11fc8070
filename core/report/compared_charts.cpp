// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/report/compared_charts.h"

#include "core/report/report_sections.h"
#include "core/report/run_charts.h"
#include "core/report/run_words.h"

#include <fmt/format.h>

#include <algorithm>

namespace core {
namespace {

AxisScale both(const AxisScale& one, const AxisScale& other) {
    return {std::min(one.from, other.from), std::max(one.until, other.until), one.logarithmic};
}

/// The series of that name of each run's own chart, in the look of its run.
LineChart overlaid(std::vector<LineChart> charts, std::string_view wanted, Theme theme) {
    LineChart all;
    for (std::size_t i = 0; i < charts.size(); ++i) {
        const auto found = std::ranges::find(charts[i].series, wanted, &ChartSeries::name);
        all.series.push_back(
            {fmt::format("run {}", i + 1), styleOfRun(i, theme), std::move(found->points), found->onRight});
        const ChartFrame& frame = charts[i].frame;
        all.frame.x = {frame.x.name, frame.x.unit, i == 0 ? frame.x.scale : both(all.frame.x.scale, frame.x.scale)};
        all.frame.y = {frame.y.name, frame.y.unit, i == 0 ? frame.y.scale : both(all.frame.y.scale, frame.y.scale)};
    }
    return all;
}

/// The runs have their intervals at times of their own, so each point is a row.
ReportTable rowsOf(const std::string& name, const LineChart& chart) {
    ReportTable table{name, chart.frame.title, {{"run"}, {chart.frame.x.name, true}, {chart.frame.y.name, true}}, {}};
    for (const ChartSeries& series : chart.series) {
        for (const ChartPoint& point : series.points) {
            table.rows.push_back({{series.name}, plainCell(point.x), plainCell(point.y)});
        }
    }
    return table;
}

ReportChart finished(const std::string& name, LineChart chart, std::string title, std::string description,
                     Theme theme) {
    chart.frame.title = std::move(title);
    chart.frame.description = std::move(description);
    return {name, chart.frame.title, chart.frame.description, svgOf(chart, theme), rowsOf(name, chart)};
}

std::vector<LineChart> chartsOf(std::span<const RunResult> runs, Theme theme,
                                LineChart (*chartOf)(const RunResult& run, Theme theme)) {
    std::vector<LineChart> charts;
    std::ranges::transform(runs, std::back_inserter(charts), [&](const RunResult& run) { return chartOf(run, theme); });
    return charts;
}

} // namespace

ReportChart comparedRates(std::span<const RunResult> runs, Theme theme) {
    return finished("rates", overlaid(chartsOf(runs, theme, ratesChart), "stored", theme), "Stored rate over time",
                    "Each run's stored rate, from its first event on.", theme);
}

ReportChart comparedLatencies(std::span<const RunResult> runs, Theme theme) {
    const auto embedded = std::ranges::find_if(runs, onEmbeddedBroker);
    const std::string place = embedded == runs.end() ? "" : latencyPlace(*embedded);
    return finished("latency", overlaid(chartsOf(runs, theme, latencyChart), "p99", theme),
                    "End-to-end p99 over time" + place, "Each run's end-to-end p99, from its first event on.", theme);
}

} // namespace core
