// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/result.h"
#include "core/scenario/scenario_reader.h"

#include <filesystem>
#include <string>
#include <string_view>
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

/// Reads a text that stands, or will stand, in `file`, like openScenario(). Files of messages are not looked at, so
/// nothing blocks.
core::ScenarioReading readScenarioText(std::string_view text, const std::filesystem::path& file,
                                       const std::vector<std::pair<std::string, std::string>>& overrides);

/// Files of messages are named in the scenario; whether they can be read is a problem of its own. May block.
void checkMessageFiles(const std::filesystem::path& file, core::ScenarioReading& reading);

/// What a scenario asks for.
struct ScenarioLoad {
    std::uint64_t events = 0; ///< warm-up included
    std::uint64_t warmupEvents = 0;
    core::Nanoseconds length{}; ///< of warm-up and stages
    core::Bytes bytes;          ///< of all events' payloads, about
    core::Rate peak;
    core::Bytes disk;        ///< of the stored rows with their primary key, about
    core::Bytes redisMemory; ///< of the ids that Redis remembers at the same time at most, about
};
ScenarioLoad loadOf(const core::Scenario& scenario);

} // namespace app
