// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/ports/control.h"
#include "core/scenario/scenario.h"

#include <chrono>
#include <filesystem>
#include <memory>
#include <string>
#include <variant>

namespace app {

/// A run has begun to load.
struct RunStarted {
    core::Scenario scenario;
    core::Target target;
    std::filesystem::path folder; ///< of its result
};

/// How it stands, several times a second. Shared by those who show it, and never changed: of 200 streams it is
/// megabytes.
struct RunProgress {
    std::shared_ptr<const core::RunStatus> status;
};

/// A command that made no sense when it arrived, and why.
struct CommandRefused {
    std::string reason;
};

/// It is over. The result is shared by the pages that show it, and never changed.
struct RunEnded {
    std::shared_ptr<const core::RunResult> result;
    std::filesystem::path folder;
    std::string notKept; ///< why its files could not be written; empty: they are in the folder
};

/// It did not start.
struct RunFailed {
    std::string reason; ///< empty: the user gave it up
};

/// All that a run reports to the window.
using RunNews = std::variant<RunStarted, RunProgress, CommandRefused, RunEnded, RunFailed>;

} // namespace app
