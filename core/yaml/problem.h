// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

namespace core {

/// One thing that is wrong with a scenario file.
struct Problem {
    std::string file;
    int line = 0;        ///< from 1; 0: the problem is not at a place (an override, for example)
    int column = 0;      ///< from 1
    std::string path;    ///< of the key, as streams[0].stages[1].rate
    std::string message; ///< what is wrong and what to do

    std::string text() const; ///< FILE:LINE:COLUMN: PATH: MESSAGE
    bool operator==(const Problem&) const = default;
};

} // namespace core
