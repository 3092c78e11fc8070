#include "app/desktop/bridge/run_preparation.h"

#include "app/cli/scenario_file.h"
#include "app/cli/target_choice.h"

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

core::Result<PreparedRun> prepare(const std::filesystem::path& file, const std::filesystem::path& results) {
    core::ScenarioReading reading = loadScenario(file, {});
    if (!reading.scenario) {
        return core::invalid(allProblems(reading.problems));
    }
    core::Result<core::Target> target = chooseTarget({}, reading.scenario->target, environmentVariable);
    if (!target) {
        return target.error();
    }
    core::Result<RunFolder> folder =
        RunFolder::create(results / defaultRunFolder(reading.scenario->name, std::chrono::system_clock::now()));
    if (!folder) {
        return folder.error();
    }
    services::RunOptions options;
    options.scenario = std::move(*reading.scenario);
    options.target = std::move(*target);
    options.directory = folder->path();
    return PreparedRun{std::move(options), *std::move(folder)};
}

} // namespace

RunPreparation preparationInto(std::filesystem::path results) {
    return [results = std::move(results)](const std::filesystem::path& file) { return prepare(file, results); };
}

} // namespace app
