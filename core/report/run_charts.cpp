// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/report/run_charts.h"

#include "core/report/report_sections.h"
#include "core/text/plain_number.h"

#include <fmt/format.h>

#include <algorithm>

namespace core {
namespace {

/// All series share their x values.
ReportTable dataOf(const std::string& name, const LineChart& chart) {
    ReportTable table{name, chart.frame.title, {{chart.frame.x.name, true}}, {}};
    for (const ChartSeries& series : chart.series) {
        const ChartAxis& axis = series.onRight ? *chart.frame.right : chart.frame.y;
        table.columns.push_back({series.name + " (" + axis.name + ")", true});
    }
    const std::size_t count = chart.series.empty() ? 0 : chart.series.front().points.size();
    for (std::size_t i = 0; i < count; ++i) {
        std::vector<ReportCell> row{plainCell(chart.series.front().points[i].x)};
        for (const ChartSeries& series : chart.series) {
            row.push_back(plainCell(series.points[i].y));
        }
        table.rows.push_back(std::move(row));
    }
    return table;
}

ReportTable dataOf(const std::string& name, const HeatChart& chart) {
    ReportTable table{name, chart.frame.title, {{"from (s)", true}, {"until (s)", true}}, {}};
    for (std::size_t bin = chart.range.first; bin < chart.range.end; ++bin) {
        table.columns.push_back({"up to " + plainNumber(heatBinStart(bin + 1) / 1e3) + " ms (events)", true});
    }
    for (const HeatStretch& stretch : chart.stretches) {
        std::vector<ReportCell> row{plainCell(stretch.from), plainCell(stretch.until)};
        for (std::size_t bin = chart.range.first; bin < chart.range.end; ++bin) {
            row.push_back(plainCell(static_cast<double>(stretch.counts[bin])));
        }
        table.rows.push_back(std::move(row));
    }
    return table;
}

std::optional<ReportTimes> timesOf(const LineChart& chart) {
    const ChartAxis& x = chart.frame.x;
    if (x.unit != AxisUnit::Seconds) {
        return std::nullopt;
    }
    ReportTimes times{x.scale.from, x.scale.until, {}, {}, {}, chart.frame.marks};
    for (const ChartSeries& series : chart.series) {
        times.series.push_back({series.name, series.onRight ? chart.frame.right->name : chart.frame.y.name});
    }
    if (!chart.series.empty()) {
        for (const ChartPoint& point : chart.series.front().points) {
            times.at.push_back(point.x);
        }
    }
    return times;
}

/// "most in 4 to 5.66 ms: 640 events/s".
std::string fullestCell(const HeatStretch& stretch) {
    const auto fullest = std::ranges::max_element(stretch.counts);
    if (*fullest == 0 || stretch.until <= stretch.from) {
        return "–";
    }
    const auto bin = static_cast<std::size_t>(fullest - stretch.counts.begin());
    const auto edge = [](std::size_t at) { return axisLabel(heatBinStart(at) / 1e6, AxisUnit::Latency); };
    const double rate = static_cast<double>(*fullest) / (stretch.until - stretch.from);
    return fmt::format("most in {} to {}: {} events/s", edge(bin), edge(bin + 1), axisLabel(rate, AxisUnit::Rate));
}

ReportTimes timesOf(const HeatChart& chart) {
    const AxisScale& scale = chart.frame.x.scale;
    ReportTimes times{scale.from, scale.until, {}, {}, {}, chart.frame.marks};
    for (const HeatStretch& stretch : chart.stretches) {
        times.at.push_back((stretch.from + stretch.until) / 2);
        times.words.push_back(fullestCell(stretch));
    }
    return times;
}

} // namespace

ReportChart drawn(const std::string& name, const LineChart& chart, Theme theme) {
    return {name, chart.frame.title, chart.frame.description, svgOf(chart, theme), dataOf(name, chart), timesOf(chart)};
}

ReportChart drawn(const std::string& name, const HeatChart& chart, Theme theme) {
    return {name, chart.frame.title, chart.frame.description, svgOf(chart, theme), dataOf(name, chart), timesOf(chart)};
}

} // namespace core
