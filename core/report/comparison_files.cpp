// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/report/comparison_report.h"

#include <nlohmann/json.hpp>

namespace core {
namespace {

using Json = nlohmann::ordered_json;

Json orNull(const std::optional<double>& value) {
    return value ? Json(*value) : Json();
}

const char* nameOf(FigureUnit unit) {
    switch (unit) {
    case FigureUnit::Rate:
        return "per_s";
    case FigureUnit::Micros:
        return "us";
    case FigureUnit::Seconds:
        return "s";
    case FigureUnit::Count:
        return "events";
    case FigureUnit::Cores:
        return "cores";
    case FigureUnit::Bytes:
        return "bytes";
    }
    return "";
}

Json figureJson(const ComparisonRow& row) {
    Json values = Json::array();
    for (const ComparedValue& value : row.values) {
        values.push_back({{"value", orNull(value.value)},
                          {"uncertainty", orNull(value.uncertainty)},
                          {"difference", orNull(value.difference)},
                          {"share", orNull(value.share)},
                          {"change", nameOf(value.change)}});
    }
    return {{"figure", row.figure}, {"unit", nameOf(row.unit)}, {"counts", row.counts}, {"values", std::move(values)}};
}

} // namespace

std::string comparisonJson(const Comparison& comparison, std::span<const RunResult> runs) {
    Json json{{"schema", "millrace.comparison/1"}};
    json["runs"] = Json::array();
    for (const RunResult& run : runs) {
        json["runs"].push_back(
            {{"id", run.id}, {"name", run.name}, {"started", run.started}, {"status", nameOf(run.verdict.status)}});
    }
    json["warnings"] = comparison.warnings;
    json["figures"] = Json::array();
    for (const ComparisonRow& row : comparison.rows) {
        json["figures"].push_back(figureJson(row));
    }
    return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

} // namespace core
