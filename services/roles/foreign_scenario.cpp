// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/roles/foreign_scenario.h"

#include "core/scenario/scenario_reader.h"
#include "core/scenario/tiers_in_use.h"

#include <fmt/format.h>

#include <algorithm>

namespace services {
namespace {

core::Result<core::Scenario> readOfOthers(std::string_view text, core::ReaderOptions options) {
    options.environment = [](const std::string&) { return std::nullopt; };
    core::ScenarioReading reading = core::readScenario(text, "scenario", options);
    if (!reading.scenario) {
        std::string sentences;
        for (const core::Problem& problem : reading.problems) {
            sentences += (sentences.empty() ? "" : "\n") + problem.text();
        }
        return core::invalid(std::move(sentences));
    }
    if (reading.scenario->target != core::PartialTarget()) {
        return core::invalid("target: the servers are those of this daemon's own configuration; leave this out.");
    }
    if (std::ranges::any_of(reading.scenario->streams,
                            [](const core::Stream& each) { return !each.event.messageFile.empty(); })) {
        return core::invalid("messages: a file of this machine is not read for others; use generated messages.");
    }
    return std::move(*reading.scenario);
}

} // namespace

core::Result<core::Scenario> readForeign(std::string_view text, const core::KafkaSettings& own) {
    auto scenario = readOfOthers(text, {});
    if (scenario && scenario->kafka != core::defaultKafkaSettings() && scenario->kafka != own) {
        return core::invalid("kafka: these settings are those of this producer's own configuration; leave them out.");
    }
    if (scenario) {
        scenario->kafka = own;
    }
    return scenario;
}

core::Result<core::Scenario> readForeign(const core::RunOrder& order, const core::KafkaSettings& own) {
    core::ReaderOptions options;
    options.overrides = order.overrides;
    auto scenario = readOfOthers(order.scenario, std::move(options));
    if (!scenario) {
        return scenario;
    }
    if (!scenario->kafka.client.empty() && scenario->kafka.client != own.client) {
        return core::invalid("kafka.client: these settings are those of this daemon's own configuration; leave them "
                             "out.");
    }
    for (const core::Tier tier : core::tiersInUse(*scenario)) {
        const std::string& topic = scenario->kafka.tier(tier).topic;
        if (topic != own.tier(tier).topic) {
            return core::invalid(fmt::format("kafka: this daemon serves topic '{}' for events of tier {}, not '{}'.",
                                             own.tier(tier).topic, nameOf(tier), topic));
        }
    }
    if (scenario->kafka.group != own.group) {
        return core::invalid(
            fmt::format("kafka.group: this daemon serves group '{}', not '{}'.", own.group, scenario->kafka.group));
    }
    scenario->kafka.client = own.client;
    return scenario;
}

} // namespace services
