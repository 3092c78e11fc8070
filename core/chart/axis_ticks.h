// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <vector>

namespace core {

/// Where an axis has its lines: round values, none outside the range. `most` ≥ 2 is how many there is room for.
std::vector<double> linearTicks(double lowest, double highest, int most);
std::vector<double> logTicks(double lowest, double highest, int most); ///< powers of ten; with room 1, 2, 5 of each
/// Steps that clocks have: 1, 2, 5, 10, 15, 30 s; the same of minutes; 1, 2, 3, 6, 12, 24 h and whole days.
std::vector<double> timeTicks(double from, double until, int most);

/// The end of an axis that shows `highest`: the next of 1, 1.5, 2, 2.5, 3, 4, 5, 6, 8 times a power of ten; 1 if it is
/// 0.
double roundedUp(double highest);

} // namespace core
