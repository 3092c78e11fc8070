// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/console.h"
#include "app/cli/verbs.h"
#include "app/launch/scenario_file.h"
#include "app/launch/target_choice.h"
#include "core/measure/latency_histogram.h"
#include "core/text/count_text.h"
#include "core/text/figure_text.h"
#include "core/text/wording.h"
#include "core/verdict/threshold.h"
#include "services/producer/message_files.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <map>
#include <optional>
#include <utility>

namespace app {
namespace {

using core::ExitCode;

VerbSyntax syntax() {
    return {.name = "validate",
            .operands = "FILE…",
            .minOperands = 1,
            .maxOperands = std::numeric_limits<std::size_t>::max(),
            .summary = "check scenario files without running them",
            .explanation =
                "\nNames every problem with its place, as FILE:LINE:COLUMN, or says what the scenario asks for.",
            .options = {{"--set", "PATH=VALUE", "check it with this change; any number of times", true}},
            .example = "validate my-scenario.yaml\nvalidate resources/scenarios/*.yaml"};
}

std::string loadText(const core::Scenario& scenario) {
    const ScenarioLoad load = loadOf(scenario);
    const std::string warmup =
        load.warmupEvents > 0 ? fmt::format(" ({} of them in the warm-up)", core::countText(load.warmupEvents)) : "";
    return fmt::format("{}{} in {}, peak {}, about {}", core::counted(load.events, "event"), warmup,
                       core::durationText(load.length), core::rateText(load.peak), core::bytesText(load.bytes));
}

/// The load of the streams that a rule is about.
ScenarioLoad loadFor(const core::Threshold& rule, core::Scenario scenario) {
    std::erase_if(scenario.streams, [&rule](const core::Stream& stream) {
        return (rule.tier && *rule.tier != stream.tier) || (!rule.during.empty() && rule.during != stream.name);
    });
    return loadOf(scenario);
}

/// Percentiles of too few values, which a run would leave unjudged in the end; a sentence each.
std::vector<std::string> rulesWithoutValues(const core::Scenario& scenario) {
    std::vector<std::string> found;
    std::map<std::pair<std::optional<core::Tier>, std::string>, ScenarioLoad> loads; // which may take seconds each
    for (const core::ThresholdSpec& spec : scenario.thresholds) {
        const auto rule = core::Threshold::parse(spec);
        if (!rule || rule->quantity != core::Threshold::Quantity::Latency ||
            rule->statistic != core::Threshold::Statistic::Percentile || rule->during == "warmup") {
            continue;
        }
        const std::pair about{rule->tier, rule->during};
        const auto known = loads.find(about);
        const ScenarioLoad load = known != loads.end() ? known->second : loads[about] = loadFor(*rule, scenario);
        std::uint64_t events = load.events - load.warmupEvents;
        if (rule->over.count() > 0) { // what the fullest of its windows can hold
            events = std::min(events, static_cast<std::uint64_t>(load.peak.perSecond * core::secondsOf(rule->over)));
        }
        if (const std::uint64_t needed = core::valuesNeeded(rule->percentile); events < needed) {
            found.push_back(fmt::format("the rule {} cannot be evaluated: p{:g} takes {} and it gets {}",
                                        core::inQuotes(rule->text), rule->percentile, core::counted(needed, "event"),
                                        core::countText(events)));
        }
    }
    return found;
}

bool validate(const std::string& name, const std::vector<std::pair<std::string, std::string>>& changes) {
    const auto file = findScenario(name, scenarioFolders());
    if (!file) {
        complain(file.error().text());
        return false;
    }
    const core::ScenarioReading reading = loadScenario(*file, changes);
    for (const core::Problem& problem : reading.problems) {
        say(problem.text() + "\n");
    }
    if (!reading.scenario) {
        return false;
    }
    const auto messages = services::readMessageFiles(*reading.scenario);
    if (!messages) {
        say(fmt::format("{}: {}\n", file->string(), messages.error().text()));
        return false;
    }
    say(fmt::format("{}: ok: {}\n", file->string(), loadText(*reading.scenario)));
    for (const std::string& sentence : rulesWithoutValues(*reading.scenario)) {
        say(fmt::format("{}: {}\n", file->string(), sentence));
    }
    for (const auto& [path, lines] : *messages) {
        say(fmt::format("{}: messages from {}: {}\n", file->string(), path, services::describe(lines)));
    }
    return true;
}

ExitCode body(const Arguments& arguments) {
    const auto changes = overrides(arguments.values("--set"));
    if (!changes) {
        complain(changes.error().text());
        return ExitCode::Usage;
    }
    bool good = true;
    for (const std::string& name : arguments.operands()) {
        good = validate(name, *changes) && good;
    }
    return good ? ExitCode::Passed : ExitCode::Usage;
}

} // namespace

Verb validateVerb() {
    return {syntax(), body};
}

} // namespace app
