#pragma once

#include <memory>
#include <string>
#include <vector>

namespace app {

/// Sends the program's log to standard error, or keeps its lines while a live view owns the terminal. Warnings and
/// errors only, or what SPDLOG_LEVEL says. One a process; take() from the main thread.
class LogLines {
public:
    explicit LogLines(bool keep);
    ~LogLines();
    LogLines(const LogLines&) = delete;
    LogLines& operator=(const LogLines&) = delete;

    std::vector<std::string> take(); ///< the lines kept since the last call

private:
    struct State;
    std::shared_ptr<State> m_state; // shared with the logger, which threads of libraries may still use at the end
};

} // namespace app
