// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/cli/console.h"
#include "app/cli/log_lines.h"
#include "app/cli/run_view.h"

#include <chrono>
#include <string>

namespace app {

/// Shows a run while it is on: a block that is drawn anew on a terminal, a line now and then elsewhere, or nothing.
/// Main thread.
class RunScreen {
public:
    enum class Kind { Block, Lines, Nothing };

    RunScreen(Kind kind, std::string title, std::string place, LogLines& log);
    ~RunScreen(); ///< takes the block away; a log that no update has shown goes with it

    void update(core::RunStatus status);
    void notice(std::string text); ///< a line that stays until the end

private:
    void draw();
    void showLog();

    Kind m_kind;
    LogLines& m_log;
    RunView m_view;
    LiveBlock m_block;
    std::string m_notice;
    bool m_updated = false;
    std::chrono::steady_clock::time_point m_nextLine;
};

} // namespace app
