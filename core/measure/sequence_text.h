// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/measure/sequence_set.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace core {

/// The maximal runs of a set, half-open and ascending, as SequenceSet::intervals() has them: "0-59999,60010". Empty:
/// the empty set.
std::string sequenceText(const std::vector<std::pair<std::uint64_t, std::uint64_t>>& runs);

/// Reads what sequenceText() wrote; nothing where it is something else.
std::optional<SequenceSet> sequenceSetOf(std::string_view text);

} // namespace core
