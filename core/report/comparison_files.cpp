// SPDX-License-Identifier: GPL-3.0-or-later
// The files of a comparison.
#include "core/report/comparison_report.h"
#include "core/report/html_report.h"
#include "core/report/markdown_report.h"
#include "core/report/table_csv.h"
#include "core/text/plain_number.h"

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

std::string comparisonCsv(const Comparison& comparison, std::span<const RunResult> runs) {
    constexpr int kDecimals = 6;
    const auto cell = [](const std::optional<double>& number) {
        return ReportCell{number ? plainNumber(*number, kDecimals) : ""};
    };
    ReportTable table{"figures", "", {}, {}};
    for (const char* const title :
         {"figure", "unit", "run", "id", "value", "uncertainty", "difference", "share", "change"}) {
        table.columns.push_back({title});
    }
    for (const ComparisonRow& row : comparison.rows) {
        for (std::size_t i = 0; i < row.values.size(); ++i) {
            const ComparedValue& value = row.values[i];
            table.rows.push_back({{row.figure},
                                  {nameOf(row.unit)},
                                  {std::to_string(i + 1)},
                                  {runs[i].id},
                                  cell(value.value),
                                  cell(value.uncertainty),
                                  cell(value.difference),
                                  cell(value.share),
                                  {std::string(nameOf(value.change))}});
        }
    }
    return tableCsv(table);
}

std::optional<std::string> comparisonAs(std::string_view format, const Comparison& comparison,
                                        std::span<const RunResult> runs) {
    if (format == "json") {
        return comparisonJson(comparison, runs);
    }
    if (format == "csv") {
        return comparisonCsv(comparison, runs);
    }
    if (format != "html" && format != "md") {
        return std::nullopt;
    }
    const ReportDocument document = comparisonReport(comparison, runs, Theme::Light);
    return format == "html" ? htmlReport(document) : markdownReport(document);
}

} // namespace core
