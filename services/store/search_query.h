// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/ports/search.h"

#include <string>
#include <string_view>
#include <vector>

namespace services {

/// What PostgreSQL's and SQLite's search have in common.

inline constexpr int kLongestMessage = 65'536; ///< characters of a message that are read

/// Invalid where no store could answer: no row wanted, too many sources, a text that is too long or holds a NUL.
core::Status checkQuery(const core::LogQuery& query);

/// Where the walk begins (exclusive) and where it ends (inclusive), in the order of the ids.
struct IdWalk {
    core::EventId below{};
    bool belowIncluded = false; ///< only at the very top: no bound at all includes the largest id
    core::EventId lowest{};
    bool onlyTimed = false; ///< only ids of version 7, for the others say no time
};
IdWalk walkOf(const core::LogQuery& query);

/// The pattern for LIKE … ESCAPE '\' that finds the text anywhere; its own %, _ and \ stand for themselves.
std::string likePattern(std::string_view text);

/// Microseconds since 1970; nothing where nanoseconds in 64 bits cannot hold them.
std::optional<core::WallTime> wallTimeOf(std::int64_t microseconds);

/// Ends the page: where the next one begins, and the time that has been reached.
void endPage(core::LogPage& page, core::LogPage::End end, const core::EventId& next);

/// Cuts a text at the unit separator, by which both stores join a run's tags; empty: no tags.
std::vector<std::string> tagsOf(std::string_view joined);

} // namespace services
