// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/target_request.h"

#include "app/cli/console.h"
#include "app/launch/scenario_file.h"
#include "app/launch/target_choice.h"

#include <algorithm>
#include <set>

namespace app {

std::vector<std::string> TargetRequest::topics() const {
    std::set<std::string> names;
    for (const core::Stream& stream : scenario.streams) {
        names.insert(scenario.kafka.tier(stream.tier).topic);
    }
    for (const core::Tier tier : core::kTiers) {
        if (!fromFile) {
            names.insert(scenario.kafka.tier(tier).topic);
        }
    }
    if (scenario.consumer.deadLetters == core::ConsumerSettings::DeadLetters::Topic) {
        names.insert(scenario.consumer.deadLetterTopic);
    }
    return {names.begin(), names.end()};
}

int TargetRequest::partitions() const {
    constexpr int kFewest = 6;
    return std::max(scenario.kafka.partitions.value_or(kFewest), scenario.consumer.concurrency);
}

std::optional<TargetRequest> readTargetRequest(const Arguments& arguments) {
    const auto refuse = [](const core::Error& error) {
        complain(error.text());
        return std::nullopt;
    };
    TargetRequest request;
    const auto flags = targetFlags(arguments);
    if (!flags) {
        return refuse(flags.error());
    }
    if (!arguments.operands().empty()) {
        const auto file = findScenario(arguments.operands()[0], scenarioFolders());
        if (!file) {
            return refuse(file.error());
        }
        core::ScenarioReading reading = loadScenario(*file, {});
        for (const core::Problem& problem : reading.problems) {
            complain(problem.text());
        }
        if (!reading.scenario) {
            return std::nullopt;
        }
        request.scenario = std::move(*reading.scenario);
        request.fromFile = true;
    }
    auto target = chooseTarget(*flags, request.scenario.target, environmentVariable);
    if (!target) {
        return refuse(target.error());
    }
    request.target = std::move(*target);
    return request;
}

} // namespace app
