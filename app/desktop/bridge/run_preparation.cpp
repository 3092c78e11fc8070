// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/desktop/bridge/run_preparation.h"

#include "app/launch/fleet_choice.h"
#include "app/launch/scenario_file.h"
#include "app/launch/target_choice.h"

#include <chrono>

namespace app {

namespace {

std::string allProblems(const std::vector<core::Problem>& problems) {
    std::string text;
    for (const core::Problem& problem : problems) {
        text += problem.text() + '\n';
    }
    return text;
}

/// The daemons of the connection, or of the scenario where nothing else was chosen.
core::Status addFleet(const RunRequest& request, services::RunOptions& options) {
    const bool ofScenario = !request.access && !request.target;
    std::vector<std::string> daemons = request.access ? request.access->daemons : options.scenario.target.daemons;
    if (daemons.empty() || (!request.access && !ofScenario)) {
        return {};
    }
    if (const core::Status fits = fitsFleet(options.target); !fits) {
        return fits;
    }
    auto fleet = optionsOfFleet(std::move(daemons), request.access ? request.access->daemonToken : core::Secret());
    if (!fleet) {
        return fleet.error();
    }
    options.fleet = std::make_shared<services::RemoteFleet>(*std::move(fleet));
    return {};
}

} // namespace

core::Result<PreparedRun> prepareRun(const RunRequest& request) {
    core::ScenarioReading reading =
        request.text ? readScenarioText(*request.text, request.file, {}) : loadScenario(request.file, {});
    if (request.text) {
        checkMessageFiles(request.file, reading);
    }
    if (!reading.scenario) {
        return core::invalid(allProblems(reading.problems));
    }
    core::Result<core::Target> target = request.target
                                            ? core::Result(*request.target)
                                            : chooseTarget({}, reading.scenario->target, environmentVariable);
    if (!target) {
        return target.error();
    }
    core::Result<RunFolder> folder =
        RunFolder::create(request.results / defaultRunFolder(reading.scenario->name, std::chrono::system_clock::now()));
    if (!folder) {
        return folder.error();
    }
    services::RunOptions options;
    options.scenario = std::move(*reading.scenario);
    options.target = std::move(*target);
    if (request.access) {
        services::apply(*request.access, options.scenario, options.target);
    }
    if (const core::Status added = addFleet(request, options); !added) {
        return added.error();
    }
    options.directory = folder->path();
    return PreparedRun{std::move(options), *std::move(folder)};
}

std::filesystem::path runsIn(const std::filesystem::path& results) {
    return results / "runs";
}

} // namespace app
