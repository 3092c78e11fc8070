// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace core {

struct DiffLine {
    char sign = ' '; ///< ' ': in both texts; '-': in the first one only; '+': in the other one only
    std::string_view text;

    bool operator==(const DiffLine&) const = default;
};

/// Both texts' lines in order, as few of them as possible with a sign (a longest common subsequence); views of the
/// texts. Where what lies between the first and the last difference is longer than some thousand lines in both, all of
/// it is told as replaced.
std::vector<DiffLine> lineDiff(std::string_view first, std::string_view other);

/// Lines with their signs: the differences with `context` lines around each, "…" for what is left out. Empty: there is
/// no difference.
std::string diffText(std::string_view first, std::string_view other, std::size_t context = 2);

} // namespace core
