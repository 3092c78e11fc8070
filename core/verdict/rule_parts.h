// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/result.h"
#include "core/units.h"
#include "core/verdict/rule_cursor.h"
#include "core/verdict/threshold.h"

#include <optional>
#include <span>
#include <string>
#include <string_view>

/// The parts of the rules' grammar (threshold.h) that every kind of rule has.
namespace core {

/// "did you mean 'x'?" or what there is.
std::string suggestion(std::string_view name, std::span<const std::string_view> known);
/// 99 of "p99"; nothing: it is no percentile.
std::optional<double> percentileOf(std::string_view name);
Status readStatistic(RuleCursor& cursor, Threshold::Statistic& statistic, double& percentile);
Status readOver(RuleCursor& cursor, Nanoseconds& over); ///< the duration after 'over'
Status readComparison(RuleCursor& cursor, Threshold::Comparison& comparison);
/// The value without its white space; nothing where that would join two numbers.
std::optional<std::string> withoutSpace(std::string_view text);
std::string_view trimmed(std::string_view text);

} // namespace core
