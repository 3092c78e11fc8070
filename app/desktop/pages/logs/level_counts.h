// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/desktop/pages/logs/level_colours.h"
#include "core/ports/search.h"

#include <array>
#include <cstdint>
#include <span>
#include <vector>

namespace app {

/// How many events of each level there were in equal parts of the time.
struct LevelCounts {
    using Bin = std::array<std::uint32_t, kLevelGroups>; ///< by LevelGroup

    std::int64_t fromMicros = 0;  ///< UTC, of the first bin
    std::int64_t widthMicros = 1; ///< of each: a round value
    std::vector<Bin> bins;

    Bin total() const;
    std::uint32_t highest() const; ///< of a bin, all levels together
};

/// Ten bins to `most`, by the time that the events say; those that say none are left out.
LevelCounts countsOf(std::span<const core::LogRow> rows, std::size_t most = 60);

} // namespace app
