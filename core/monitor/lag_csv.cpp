// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/monitor/lag_csv.h"

#include "core/format/timestamp_text.h"
#include "core/text/csv_text.h"

#include <fmt/format.h>

#include <array>
#include <cmath>
#include <string_view>

namespace core {

namespace {

std::string timeCell(WallTime time) {
    std::array<char, TimestampText::kLength> text{};
    char* const end = TimestampText().write(text.data(), time);
    return {text.data(), end};
}

std::string bandCells(const std::optional<Band>& band) {
    return band ? fmt::format(",{},{},{}", band->value, band->lowest, band->highest) : ",,,";
}

} // namespace

std::string csvOf(const LagHistory& history, WallTime origin) {
    std::string csv = "time,seconds,group,events,events_lowest,events_highest,lag_s,lag_s_lowest,lag_s_highest\n";
    for (const auto& [group, series] : history.groups()) {
        series.forEach([&](const LagPoint& point) {
            csv += fmt::format("{},{:.3f},{}", timeCell(origin + Nanoseconds(std::llround(point.until * 1e9))),
                               point.until - point.from, csvCell(group));
            csv += bandCells(point.events) + bandCells(point.seconds) + "\n";
        });
    }
    return csv;
}

} // namespace core
