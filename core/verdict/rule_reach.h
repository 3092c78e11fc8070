// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/verdict/threshold.h"

#include <optional>
#include <string>

namespace core {

/// Why nobody can know the rule's figure in a run that is consumed so, as a sentence; nothing: it is measured.
std::optional<std::string> beyondReach(const Threshold& rule, ConsumedBy consumer);

/// Why nobody knows what a consumer did with its events besides storing them, as a sentence; nothing: it is counted.
std::optional<std::string> whyInsideIsHidden(ConsumedBy consumer);
/// Why nobody knows what became of the events behind the broker; nothing: it is counted.
std::optional<std::string> whyStoreIsHidden(ConsumedBy consumer);

/// What is wrong with a rule as it is written, its grammar or its reach. For ReaderOptions::checkRule.
std::optional<std::string> complaintAboutRule(const ThresholdSpec& spec, ConsumedBy consumer);

} // namespace core
