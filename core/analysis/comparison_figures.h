// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/analysis/comparison.h"

#include <functional>
#include <vector>

/// The figures that a comparison looks at; for comparison.cpp.
namespace core {

struct FigureOfRun {
    std::optional<double> value, uncertainty;
};

struct ComparedFigure {
    std::string name;
    FigureUnit unit = FigureUnit::Count;
    bool higherIsBetter = false;
    bool counts = true;
    std::function<FigureOfRun(const RunResult& run)> of;
};

std::vector<ComparedFigure> comparedFigures();

/// By more than 1 % of the larger one.
bool differ(double a, double b);

/// Why the two may not be comparable, as clauses that begin with a name: "run 2 ran another scenario text than run 1".
std::vector<std::string> differencesBetween(const RunResult& first, const RunResult& other, std::string_view firstName,
                                            std::string_view otherName);
/// Why a run's figures say little, as a clause; nothing: they count.
std::optional<std::string> doubtAbout(const RunResult& run, std::string_view name);

} // namespace core
