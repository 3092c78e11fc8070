// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/launch/run_folder.h"
#include "core/result.h"
#include "services/run/run.h"
#include "services/target/server_access.h"

#include <filesystem>
#include <functional>
#include <optional>
#include <string>

namespace app {

/// A run that could start: its folder goes away again unless it is kept.
struct PreparedRun {
    services::RunOptions options;
    RunFolder folder;
};

/// What to run: a file, or a text as it stands in an editor, saved or not.
struct RunRequest {
    std::filesystem::path file;                     ///< named in problems; relative message files lie beside it
    std::optional<std::string> text{};              ///< takes the place of the file's content
    std::optional<core::Target> target{};           ///< wins over the scenario's
    std::optional<services::ServerAccess> access{}; ///< of a saved connection: wins over all, and may hold passwords
    std::optional<std::string> serve{};             ///< ADDRESS:PORT where it answers over HTTP while it is on
    std::filesystem::path results{};                ///< the folder under which the run gets one of its own
};

/// Turns a request into a run, or says what is wrong with its scenario. May block.
using RunPreparation = std::function<core::Result<PreparedRun>(const RunRequest& request)>;

/// As the command line does it: the same reader, and the target from the request, the scenario, the environment or
/// embedded. Each run has its own folder in runsIn(results), <name>-<time>.
core::Result<PreparedRun> prepareRun(const RunRequest& request);

std::filesystem::path runsIn(const std::filesystem::path& results);

} // namespace app
