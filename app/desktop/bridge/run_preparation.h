#pragma once

#include "app/cli/run_folder.h"
#include "core/result.h"
#include "services/run/run.h"

#include <filesystem>
#include <functional>

namespace app {

/// A run that could start: its folder goes away again unless it is kept.
struct PreparedRun {
    services::RunOptions options;
    RunFolder folder;
};

/// Turns a scenario file into a run, or says what is wrong with it. May block.
using RunPreparation = std::function<core::Result<PreparedRun>(const std::filesystem::path& scenario)>;

/// As the command line does it: the same reader, and the target from the file, the environment or embedded. Each
/// run has its own folder, <results>/runs/<name>-<time>.
RunPreparation preparationInto(std::filesystem::path results);

} // namespace app
