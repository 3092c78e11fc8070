#pragma once

#include "core/result.h"
#include "core/scenario/scenario_reader.h"

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

namespace app {

/// Folders with ready-made scenarios, beside the installed program or in the build tree.
std::vector<std::filesystem::path> scenarioFolders();

/// The file of that name or, failing that, the ready-made scenario of that name. The error names the ones there are.
core::Result<std::filesystem::path> findScenario(const std::string& name,
                                                 const std::vector<std::filesystem::path>& folders);

/// Reads a scenario with everything that a run would check of it: rules, and files of messages.
core::ScenarioReading loadScenario(const std::filesystem::path& file,
                                   const std::vector<std::pair<std::string, std::string>>& overrides);

/// What a scenario asks for.
struct ScenarioLoad {
    std::uint64_t events = 0; ///< warm-up included
    std::uint64_t warmupEvents = 0;
    core::Nanoseconds length{}; ///< of warm-up and stages
    core::Bytes bytes;          ///< of all events' payloads, about
    core::Rate peak;
};
ScenarioLoad loadOf(const core::Scenario& scenario);

} // namespace app
