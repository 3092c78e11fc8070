// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/launch/fleet_choice.h"

#include "app/launch/scenario_file.h"
#include "core/target/daemon_list.h"

#include <fmt/format.h>

namespace app {
namespace {

core::Result<std::optional<services::http::BearerToken>> daemonToken(const Environment& environment) {
    using services::http::BearerToken;
    const auto file = environment("MILLRACE_TOKEN_FILE");
    const std::string text = environment("MILLRACE_TOKEN").value_or("");
    if (!file && text.empty()) {
        return std::optional<BearerToken>();
    }
    auto token = file ? BearerToken::fromFile(*file) : BearerToken::create(core::Secret(text));
    if (!token) {
        return core::invalid(
            fmt::format("{}: {}", file ? "MILLRACE_TOKEN_FILE" : "MILLRACE_TOKEN", token.error().text()));
    }
    return std::optional(std::move(*token));
}

} // namespace

std::vector<Option> fleetOptions() {
    return {
        {"--daemons", "LIST", "send and consume on these: HOST:PORT,… or dns:NAME:PORT for all of a name"},
        {"--daemons-ca", "FILE", "ask the daemons by HTTPS, and trust this authority (PEM)"},
        {"--attach", "ID", "lead on a run of the daemons that whoever began it leads no more"},
        {"--on-controller-loss", "WHAT", "what daemons do when this process is gone: finish (or stop)"},
    };
}

core::Result<std::shared_ptr<services::RemoteFleet>> chooseFleet(const Arguments& arguments,
                                                                 const std::vector<std::string>& ofScenario,
                                                                 const core::Target& target,
                                                                 const Environment& environment) {
    services::RemoteFleet::Options options;
    options.daemons = ofScenario;
    if (const auto flag = arguments.value("--daemons")) {
        auto daemons = core::readDaemons(*flag);
        if (!daemons) {
            return core::invalid("--daemons: " + daemons.error().text());
        }
        options.daemons = std::move(*daemons);
    }
    if (options.daemons.empty()) {
        for (const char* const option : {"--daemons-ca", "--on-controller-loss", "--attach"}) {
            if (arguments.has(option)) {
                return core::invalid(fmt::format("{} is about daemons; name them with --daemons.", option));
            }
        }
        return std::shared_ptr<services::RemoteFleet>();
    }
    if (const core::Status fits = fitsFleet(target); !fits) {
        return fits.error();
    }
    if (const auto what = arguments.value("--on-controller-loss")) {
        const auto loss = core::controllerLossOf(*what);
        if (!loss) {
            return core::invalid(fmt::format("--on-controller-loss is finish or stop, not '{}'.", *what));
        }
        options.onControllerLoss = *loss;
    }
    auto token = daemonToken(environment);
    if (!token) {
        return token.error();
    }
    options.access.token = std::move(*token);
    if (const auto authority = arguments.value("--daemons-ca")) {
        options.access.authority = *authority;
    }
    return std::make_shared<services::RemoteFleet>(std::move(options));
}

core::Status fitsFleet(const core::Target& target) {
    return target.broker.isEmbedded() || target.store.postgres() == nullptr
               ? core::invalid("Daemons meet at real servers: name Kafka as the broker and PostgreSQL as the store, as "
                               "the daemons know them.")
               : core::Status();
}

core::Result<services::RemoteFleet::Options> optionsOfFleet(std::vector<std::string> daemons,
                                                            const core::Secret& token) {
    services::RemoteFleet::Options options;
    options.daemons = std::move(daemons);
    auto known = token.empty() ? daemonToken(environmentVariable) : [&token] {
        auto typed = services::http::BearerToken::create(token);
        return typed ? core::Result(std::optional(std::move(*typed)))
                     : core::Result<std::optional<services::http::BearerToken>>(
                           core::invalid("The token of the daemons: " + typed.error().text()));
    }();
    if (!known) {
        return known.error();
    }
    options.access.token = std::move(*known);
    return options;
}

core::Status leadOn(services::RunOptions& options, const std::string& id) {
    auto told = options.fleet->find(id, {});
    if (!told) {
        return told.error();
    }
    core::ScenarioReading reading = readScenarioText(told->order.scenario, "scenario", told->order.overrides);
    if (!reading.scenario) {
        return core::invalid("The run's scenario cannot be read here: " +
                             (reading.problems.empty() ? "" : reading.problems.front().text()));
    }
    options.scenario = std::move(*reading.scenario);
    options.overrides = told->order.overrides;
    options.leadsOn = std::move(*told);
    return {};
}

} // namespace app
