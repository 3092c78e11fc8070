// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analysis/comparison.h"

#include "core/analysis/comparison_figures.h"
#include "core/results/run_place.h"
#include "core/text/figure_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
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

using Runs = std::vector<const RunResult*>;

ComparisonRow rowOf(const ComparedFigure& figure, const Runs& runs) {
    ComparisonRow row{figure.name, figure.unit, figure.higherIsBetter, figure.counts, {}};
    for (const RunResult* const run : runs) {
        row.values.push_back(valueOf(figure, *run));
    }
    const ComparedValue first = row.values.front();
    row.values.front().change = first.value ? Change::First : Change::NotComparable;
    for (std::size_t i = 1; i < runs.size(); ++i) {
        auto& other = row.values[i];
        const bool comparable =
            first.value && other.value &&
            (figure.unit != FigureUnit::Rate || !differ(runs.front()->targetRate, runs[i]->targetRate));
        if (comparable) {
            other.difference = *other.value - *first.value;
            other.share = *first.value != 0 ? std::optional(*other.difference / *first.value) : std::nullopt;
        }
        other.change = changeOf(row, first, other);
    }
    return row;
}

std::string sentenceOf(std::string clause) {
    clause.front() = static_cast<char>(std::toupper(static_cast<unsigned char>(clause.front())));
    return clause + ".";
}

/// "+8 % (within variation)", "+50 % (worse: 12 ms instead of 8 ms)".
std::string changeText(const ComparisonRow& row) {
    const ComparedValue& value = row.values.back();
    const std::string share = value.share ? shareText(*value.share) : "";
    if (value.change == Change::Same) {
        return share + " (within variation)";
    }
    return fmt::format("{} ({}: {} instead of {})", share, nameOf(value.change), figureText(*value.value, row.unit),
                       figureText(*row.values.front().value, row.unit));
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

std::string shareText(double share) {
    constexpr double kMostAsShare = 9; // from ten times as much on
    if (share < kMostAsShare) {
        return fmt::format("{}{} %", share > 0 ? "+" : "", figureText(share * 100));
    }
    const double times = 1 + share;
    const double step = std::pow(10, std::floor(std::log10(times)) - 2); // three significant digits
    return "×" + figureText(std::round(times / step) * step);
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
    Runs all;
    for (std::size_t i = 0; i < runs.size(); ++i) {
        const std::string name = fmt::format("run {}", i + 1);
        all.push_back(&runs[i]);
        auto clauses = i == 0 ? std::vector<std::string>() : differencesBetween(runs.front(), runs[i], "run 1", name);
        if (auto doubt = doubtAbout(runs[i], name)) {
            clauses.push_back(std::move(*doubt));
        }
        std::ranges::transform(clauses, std::back_inserter(comparison.warnings), sentenceOf);
    }
    for (const auto& figure : comparedFigures()) {
        comparison.rows.push_back(rowOf(figure, all));
    }
    return comparison;
}

std::string againstBaseline(const RunResult& baseline, const RunResult& run) {
    const std::string start = fmt::format("Against the baseline of {}: ", baseline.started);
    auto reasons = differencesBetween(baseline, run, "the baseline", "this run");
    for (auto doubt : {doubtAbout(baseline, "the baseline"), doubtAbout(run, "this run")}) {
        if (doubt) {
            reasons.push_back(std::move(*doubt));
        }
    }
    const auto figures = comparedFigures();
    const auto p99 = std::ranges::find(figures, "end-to-end p99", &ComparedFigure::name);
    const ComparisonRow row = rowOf(*p99, {&baseline, &run});
    const bool comparable = row.values.back().change != Change::NotComparable;
    if (!comparable) {
        reasons.insert(reasons.begin(), "one of the two has too few values for an end-to-end p99");
    }
    const std::string more = reasons.size() > 1 ? fmt::format(" (and {} more)", reasons.size() - 1) : "";
    if (!comparable) {
        return fmt::format("{}not comparable: {}{}.", start, reasons.front(), more);
    }
    const std::string figure = start + row.figure + latencyPlace(run) + " " + changeText(row);
    return reasons.empty() ? figure + "."
                           : fmt::format("{}; perhaps not comparable: {}{}.", figure, reasons.front(), more);
}

} // namespace core
