// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/console.h"
#include "app/cli/stop_signals.h"
#include "app/cli/verbs.h"
#include "app/daemon/daemon.h"
#include "app/daemon/daemon_log.h"
#include "app/daemon/service_manager.h"

#include <fmt/format.h>
#include <spdlog/spdlog.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>

namespace app {
namespace {

using core::ExitCode;
using Roles = std::vector<std::unique_ptr<ServedRole>>;

constexpr std::chrono::milliseconds kBetweenLooks(250);

VerbSyntax syntax() {
    return {.name = "serve",
            .summary = "run as a service: producer, consumer, gateway, or all of them",
            .explanation =
                "\nAnswers over HTTP until SIGTERM, which drains; a second one ends at once. SIGHUP reads the\n"
                "configuration again. Each option may also stand in the environment, as MILLRACE_LISTEN, or in\n"
                "the configuration file, as 'listen: ADDRESS:PORT'; an option wins over the environment, and\n"
                "the environment over the file. An address that others can reach needs a token.",
            .options = serveOptions(),
            .example = "serve --role producer --broker localhost:9092\n"
                       "serve --role consumer --broker localhost:9092 --store postgresql://me@localhost/logs\n"
                       "serve --role gateway --config /etc/millrace/gateway.yaml --show-config"};
}

core::Result<DaemonSettings> settingsOf(const Arguments& arguments) {
    const auto values = readSettingValues(arguments, environmentVariable);
    return values ? readDaemonSettings(*values, environmentVariable) : core::Result<DaemonSettings>(values.error());
}

ExitCode showConfig(const Arguments& arguments) {
    const auto values = readSettingValues(arguments, environmentVariable);
    if (!values) {
        complain(values.error().text());
        return ExitCode::Usage;
    }
    say(settingsText(*values));
    const auto settings = readDaemonSettings(*values, environmentVariable);
    if (!settings) {
        complain(settings.error().text());
    }
    return settings ? ExitCode::Passed : ExitCode::Usage;
}

core::Result<Roles> begin(const DaemonSettings& settings) {
    logToStandardError(settings.jsonLog);
    auto roles = startRoles(settings);
    if (roles) {
        for (const auto& role : *roles) {
            spdlog::info("{}", role->describe());
        }
    }
    return roles;
}

/// The configuration again; one that is wrong changes nothing.
void reload(const Arguments& arguments, Roles& roles) {
    const auto settings = settingsOf(arguments);
    if (!settings) {
        spdlog::error("the configuration was not taken over: {}", settings.error().text());
        return;
    }
    ServiceManager::tell("RELOADING=1");
    roles.clear();
    auto begun = begin(*settings);
    if (begun) {
        roles = std::move(*begun);
    } else {
        spdlog::critical("{}", begun.error().text());
    }
    ServiceManager::tell("READY=1");
}

/// Serves until a signal ends it.
void serveUntilStopped(const Arguments& arguments, Roles& roles, StopSignals& signals) {
    const auto watchdog = ServiceManager::watchdogPeriod();
    auto nextSign = std::chrono::steady_clock::now();
    bool told = false;
    for (;;) {
        const auto signal = signals.wait(kBetweenLooks);
        if (signal == SIGHUP) {
            reload(arguments, roles);
        } else if (signal) {
            return;
        }
        if (roles.empty()) {
            return;
        }
        if (!told) { // it answers; that its servers do is what readiness tells
            ServiceManager::tell("READY=1");
            told = true;
        }
        if (const auto now = std::chrono::steady_clock::now(); watchdog && now >= nextSign) {
            nextSign = now + *watchdog;
            ServiceManager::tell("WATCHDOG=1");
        }
    }
}

/// Drains while it listens for the second signal, which ends the process at once: what was not stored is redelivered.
void drain(Roles roles, StopSignals& signals) {
    spdlog::info("stopping: what is at hand is finished; a second signal ends at once");
    ServiceManager::tell("STOPPING=1");
    std::atomic<bool> drained{false};
    const std::jthread impatience([&](const std::stop_token& stop) {
        while (!stop.stop_requested() && !drained) {
            if (signals.wait(std::chrono::milliseconds(50))) {
                _exit(static_cast<int>(ExitCode::Interrupted));
            }
        }
    });
    roles.clear();
    drained = true;
    spdlog::info("stopped");
}

ExitCode body(const Arguments& arguments) {
    if (arguments.has("--show-config")) {
        return showConfig(arguments);
    }
    const auto settings = settingsOf(arguments);
    if (!settings) {
        complain(settings.error().text());
        return ExitCode::Usage;
    }
    StopSignals signals; // before the first thread
    auto roles = begin(*settings);
    if (!roles) {
        complain(roles.error().text());
        return exitCodeOf(roles.error());
    }
    serveUntilStopped(arguments, *roles, signals);
    const bool lost = roles->empty();
    drain(std::move(*roles), signals);
    return lost ? ExitCode::Internal : ExitCode::Passed;
}

} // namespace

Verb serveVerb() {
    return {syntax(), body};
}

} // namespace app
