// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/verdict/threshold.h"

#include <string>
#include <string_view>

/// The words of a rule's outcome, for where it is shown.
namespace core {

/// "end_to_end p99 < 45ms during burst".
std::string nameOf(const Threshold& rule);
/// "13.1 ms", "200 ms at worst", "9,998/s (99.98 % of target)"; empty if it was not evaluated.
std::string valueText(const RuleOutcome& outcome);
/// "31.9 ms under the limit", "exactly at the limit"; of an evaluated rule.
std::string distanceText(const RuleOutcome& outcome);
/// "31.9 ms under the limit of 45 ms", "12 instead of 0"; empty if it was not evaluated.
std::string marginText(const RuleOutcome& outcome);

enum class RuleUnit { Micros, PerSecond, Share, Events }; ///< a share is 0 to 1
RuleUnit unitOf(const Threshold& rule);                   ///< of its values and limits
std::string_view nameOf(RuleUnit unit);                   ///< "us", "per_s", "share", "events"

} // namespace core
