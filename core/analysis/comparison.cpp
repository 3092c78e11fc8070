// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analysis/comparison.h"

#include "core/analysis/comparison_figures.h"
#include "core/text/figure_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

namespace core {

namespace {

bool isExplained(const ComparedValue& first, const ComparedValue& other) {
    return first.uncertainty && other.uncertainty &&
           std::abs(*other.difference) <= std::hypot(*first.uncertainty, *other.uncertainty);
}

Change changeOf(const ComparisonRow& row, const ComparedValue& first, const ComparedValue& other) {
    if (!other.difference) {
        return Change::NotComparable;
    }
    const bool looksSame = figureText(*first.value, row.unit) == figureText(*other.value, row.unit);
    if (looksSame || isExplained(first, other)) {
        return Change::Same;
    }
    return (*other.difference > 0) == row.higherIsBetter ? Change::Better : Change::Worse;
}

ComparedValue valueOf(const ComparedFigure& figure, const RunResult& run) {
    const auto [value, uncertainty] = figure.of(run);
    ComparedValue compared;
    compared.value = value;
    compared.uncertainty = value ? uncertainty : std::nullopt;
    return compared;
}

ComparisonRow rowOf(const ComparedFigure& figure, std::span<const RunResult> runs) {
    ComparisonRow row{figure.name, figure.unit, figure.higherIsBetter, figure.counts, {}};
    for (const auto& run : runs) {
        row.values.push_back(valueOf(figure, run));
    }
    const ComparedValue first = row.values.front();
    row.values.front().change = first.value ? Change::First : Change::NotComparable;
    for (std::size_t i = 1; i < runs.size(); ++i) {
        auto& other = row.values[i];
        const bool comparable =
            first.value && other.value &&
            (figure.unit != FigureUnit::Rate || !differ(runs.front().targetRate, runs[i].targetRate));
        if (comparable) {
            other.difference = *other.value - *first.value;
            other.share = *first.value != 0 ? std::optional(*other.difference / *first.value) : std::nullopt;
        }
        other.change = changeOf(row, first, other);
    }
    return row;
}

} // namespace

std::string_view nameOf(Change change) {
    switch (change) {
    case Change::First:
        return "first";
    case Change::Better:
        return "better";
    case Change::Worse:
        return "worse";
    case Change::Same:
        return "same";
    case Change::NotComparable:
        return "not comparable";
    }
    return {};
}

std::string figureText(double value, FigureUnit unit) {
    switch (unit) {
    case FigureUnit::Rate:
        return rateText({value});
    case FigureUnit::Micros:
        return durationText(Nanoseconds(std::llround(value * 1e3)));
    case FigureUnit::Seconds:
        return durationText(Nanoseconds(std::llround(value * 1e9)));
    case FigureUnit::Count:
        return (value < 0 ? "-" : "") + countText(static_cast<std::uint64_t>(std::llround(std::abs(value))));
    case FigureUnit::Cores:
        return figureText(value);
    case FigureUnit::Bytes:
        return (value < 0 ? "-" : "") + bytesText({static_cast<std::uint64_t>(std::llround(std::abs(value)))});
    }
    return {};
}

double Comparison::worst() const {
    double worst = 0;
    for (const auto& row : rows) {
        for (const auto& value : row.values) {
            if (row.counts && value.change == Change::Worse) {
                const auto share = value.share ? std::abs(*value.share) : std::numeric_limits<double>::infinity();
                worst = std::max(worst, share);
            }
        }
    }
    return worst;
}

Result<Comparison> compare(std::span<const RunResult> runs) {
    if (runs.size() < 2 || runs.size() > kMostCompared) {
        return invalid(fmt::format("Two to {} runs can be compared, not {}.", kMostCompared, runs.size()));
    }
    Comparison comparison;
    for (std::size_t i = 1; i < runs.size(); ++i) {
        for (auto& warning : differencesBetween(runs.front(), runs[i], i + 1)) {
            comparison.warnings.push_back(std::move(warning));
        }
    }
    for (const auto& figure : comparedFigures()) {
        comparison.rows.push_back(rowOf(figure, runs));
    }
    return comparison;
}

} // namespace core
