// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/report/times_json.h"

#include "core/chart/chart_frame.h"
#include "core/text/plain_number.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace core {
namespace {

using Json = nlohmann::ordered_json;

/// Null where it is not known.
Json figureOf(const std::string& text) {
    const auto value = numberFrom<double>(text);
    return value ? Json(*numberFrom<double>(fmt::format("{:.4g}", *value))) : Json();
}

Json linesOf(const ReportTimes& times, const ReportTable& data) {
    Json lines = Json::array();
    for (std::size_t i = 0; i < times.series.size(); ++i) {
        Json values = Json::array();
        for (const auto& row : data.rows) {
            values.push_back(figureOf(row[i + 1].value)); // the first is the instant
        }
        lines.push_back({times.series[i].name, times.series[i].unit, std::move(values)});
    }
    return lines;
}

} // namespace

std::string timesJson(const ReportTimes& times, const ReportTable& data) {
    Json marks = Json::array();
    for (const ChartMark& mark : times.marks) {
        marks.push_back({mark.x, mark.text});
    }
    const Json json = {{"range", {times.from, times.until}},
                       {"plot", {ChartPlace::kLeft, ChartPlace::kRight, ChartPlace::kTop, ChartPlace::kBottom}},
                       {"at", times.at},
                       {"lines", linesOf(times, data)},
                       {"words", times.words},
                       {"marks", std::move(marks)}};
    return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

} // namespace core
