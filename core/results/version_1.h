// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/measure/mark.h"
#include "core/verdict/threshold.h"

#include <optional>
#include <string>
#include <string_view>

/// What results of version 1 said in words only, as values.
namespace core {

/// Phases, commands without figures and stops become values; of all else the sentence is kept.
Mark markOfVersion1(double seconds, std::string_view kind, const std::string& text);

/// The value of a rule, from "13.1 ms" and "31.9 ms under the limit of 45 ms": the more exact one of both. Target and
/// value come from texts of three digits.
void readFiguresOfVersion1(RuleOutcome& outcome, std::string_view value, std::string_view margin);

} // namespace core
