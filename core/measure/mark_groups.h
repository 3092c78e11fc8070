// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/measure/mark.h"

#include <span>
#include <vector>

namespace core {

/// The marks as people read them. Rebalances of one kind within five seconds of the first are one, at its place: "3
/// consumers took over 6 partitions", each counted as it was told last. What comes before the first event is apart. All
/// else stays as it is and where it is.
std::vector<Mark> rebalancesTogether(std::span<const Mark> timeline);

} // namespace core
