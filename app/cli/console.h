// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/units.h"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace app {

/// What an option that names a file calls standard output.
inline constexpr std::string_view kStandardOutput = "-";

/// Where a verb's words go: results to standard output, complaints to standard error. Once standard output has failed,
/// nothing more is written there.
void say(std::string_view text);
/// Why standard output did not take all that was said, as a sentence. Nothing: it did, or a reader that had read its
/// fill
/// (`| head`) went away.
std::optional<std::string> outputFailure();
void complain(std::string_view text); ///< adds "millrace: " and a line's end

/// True if standard output is a terminal that can move its cursor.
bool isTerminal();
/// True if it may show colours (see https://no-color.org).
bool showsColours();
struct TerminalSize {
    std::size_t columns = 80;
    std::size_t rows = 24;
};
TerminalSize terminalSize();

/// Lines at the bottom of a terminal that are drawn anew each time. The cursor is never hidden nor moved away for good,
/// so a terminal needs no repair however the program ends.
class LiveBlock {
public:
    /// Replaces what is shown; `above` scrolls by over it and stays.
    void show(const std::vector<std::string>& lines, const std::vector<std::string>& above, const TerminalSize& size);
    void clear(const TerminalSize& size); ///< takes the block away

private:
    std::string upToTop(const TerminalSize& size) const;

    std::vector<std::string> m_lines;
};

/// The sequence that moves from below `lines`, drawn before the terminal had `columns`, to the first of them: a
/// terminal that became narrower has broken them.
std::string cursorToTop(const std::vector<std::string>& lines, std::size_t columns);

} // namespace app
