// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>
#include <string>
#include <vector>

namespace app {

/// Keeps the lines of the program's log until somebody shows them: a live view owns the terminal, and where an error
/// has a sentence of its own the libraries' words would hide it. Warnings and errors only, or what SPDLOG_LEVEL says.
/// One per process, created before its threads; pop() from the main thread.
class LogLines {
public:
    LogLines();

    std::vector<std::string> pop(); ///< the lines since the last call

private:
    struct Sink;
    std::shared_ptr<Sink> m_sink; // shared with the logger, which a library's thread may still use at the end
};

} // namespace app
