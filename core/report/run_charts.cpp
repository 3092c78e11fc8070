// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/report/run_charts.h"

#include "core/report/report_sections.h"
#include "core/text/plain_number.h"

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

} // namespace

ReportChart drawn(const std::string& name, const LineChart& chart, Theme theme) {
    return {name, chart.frame.title, chart.frame.description, svgOf(chart, theme), dataOf(name, chart)};
}

ReportChart drawn(const std::string& name, const HeatChart& chart, Theme theme) {
    return {name, chart.frame.title, chart.frame.description, svgOf(chart, theme), dataOf(name, chart)};
}

} // namespace core
