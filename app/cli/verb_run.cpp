// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/console.h"
#include "app/cli/run_screen.h"
#include "app/cli/run_summary.h"
#include "app/cli/stop_signals.h"
#include "app/cli/verbs.h"
#include "app/daemon/daemon.h"
#include "app/launch/fleet_choice.h"
#include "app/launch/run_folder.h"
#include "app/launch/scenario_file.h"
#include "app/launch/target_choice.h"
#include "services/archive/result_folder.h"
#include "services/run/aside.h"
#include "services/run/run_opening.h"
#include "services/target/remedy.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>

namespace app {
namespace {

using core::ExitCode;

constexpr std::chrono::milliseconds kBetweenUpdates(250);
constexpr std::chrono::milliseconds kBetweenLooks(20); // while a run is being started

VerbSyntax syntax() {
    std::vector<Option> options = targetOptions();
    const std::vector<Option> ofFleets = fleetOptions();
    options.insert(options.end(), ofFleets.begin(), ofFleets.end());
    const std::vector<Option> own{
        {"--out", "DIR", "where the result goes; new or empty (else runs/NAME-TIME)"},
        {"--json", "", "print the head of result.json and nothing else"},
        {"--quiet", "", "print nothing but what went wrong"},
        {"--set", "PATH=VALUE", "change the scenario, as --set seed=7; any number of times", true},
        {"--serve", "ADDRESS:PORT", "answer over HTTP while it runs: metrics, health, the load (see 'serve')"},
        {"--reset-offsets", "", "start anew where the store's position lies beyond the broker's log"},
        {"--resume-drain", "DIR", "close a run that was killed: store what the broker still holds of it"},
    };
    options.insert(options.end(), own.begin(), own.end());
    return {.name = "run",
            .operands = "FILE",
            .maxOperands = 1,
            .summary = "generate the load of a scenario and end with a verdict",
            .explanation =
                "\nFILE is a scenario, or the name of a ready-made one. For the target, these options win over\n"
                "the file, the file over MILLRACE_BROKER, MILLRACE_STORE and MILLRACE_DEDUPE, and what\n"
                "nobody names runs in this process. Ctrl-C stops the load and stores what was sent; a\n"
                "second one ends at once. Either way the result is written.",
            .options = std::move(options),
            .example = "run quickstart\n"
                       "run sustained-10k.yaml --broker localhost:9092 --store postgresql://me@localhost/logs "
                       "--dedupe redis://localhost\n"
                       "run quickstart --set streams[0].stages[0].rate=5000/s --json\n"
                       "run sustained-10k.yaml --broker kafka:9092 --store postgresql://me@db/logs --daemons "
                       "a:8081,b:8081,c:8082"};
}

enum class Output { Terminal, Json, Quiet };

struct Request {
    services::RunOptions run;
    Output output = Output::Terminal;
    std::optional<std::filesystem::path> out;
    std::optional<std::string> serve;
};

Output outputOf(const Arguments& arguments) {
    if (arguments.has("--json")) {
        return Output::Json;
    }
    return arguments.has("--quiet") ? Output::Quiet : Output::Terminal;
}

/// Of a run that is led on; complains of what is wrong.
std::optional<Request> readAttached(Request request, const Arguments& arguments, const core::PartialTarget& flags,
                                    const std::string& id) {
    auto target = chooseTarget(flags, {}, environmentVariable);
    if (target) {
        request.run.target = *target;
        auto fleet = chooseFleet(arguments, {}, *target, environmentVariable);
        if (fleet) {
            request.run.fleet = std::move(*fleet);
            if (const core::Status found = leadOn(request.run, id); !found) {
                complain(found.error().text());
                return std::nullopt;
            }
            return request;
        }
        complain(fleet.error().text());
    } else {
        complain(target.error().text());
    }
    return std::nullopt;
}

/// Reads everything that the user wrote; complains of what is wrong.
std::optional<Request> readRequest(const Arguments& arguments) {
    Request request;
    request.output = outputOf(arguments);
    request.out = arguments.value("--out");
    request.serve = arguments.value("--serve");
    request.run.resetOffsets = arguments.has("--reset-offsets");
    const auto refuse = [](const core::Error& error) {
        complain(error.text());
        return std::nullopt;
    };
    const auto attach = arguments.value("--attach");
    if (arguments.operands().empty() != attach.has_value()) {
        return refuse(attach ? core::invalid("--attach takes the scenario from the run itself; leave out FILE.")
                             : core::invalid("'run' needs FILE, a scenario or the name of a ready-made one."));
    }
    const auto flags = targetFlags(arguments);
    if (!flags) {
        return refuse(flags.error());
    }
    if (attach) {
        return readAttached(std::move(request), arguments, *flags, *attach);
    }
    auto changes = overrides(arguments.values("--set"));
    if (!changes) {
        return refuse(changes.error());
    }
    const auto file = findScenario(arguments.operands()[0], scenarioFolders());
    if (!file) {
        return refuse(file.error());
    }
    core::ScenarioReading reading = loadScenario(*file, *changes);
    for (const core::Problem& problem : reading.problems) {
        complain(problem.text());
    }
    if (!reading.scenario) {
        return std::nullopt;
    }
    auto target = chooseTarget(*flags, reading.scenario->target, environmentVariable);
    if (!target) {
        return refuse(target.error());
    }
    auto fleet = chooseFleet(arguments, reading.scenario->target.daemons, *target, environmentVariable);
    if (!fleet) {
        return refuse(fleet.error());
    }
    request.run.fleet = std::move(*fleet);
    request.run.scenario = std::move(*reading.scenario);
    request.run.target = std::move(*target);
    request.run.overrides = std::move(*changes);
    return request;
}

std::string placeOf(const core::Target& target) {
    const core::ShownTarget shown = target.shown();
    return target.isEmbedded() ? "the embedded broker and store"
                               : fmt::format("{}, {}, {}", shown.broker, shown.store, shown.dedupe);
}

RunScreen::Kind screenOf(Output output) {
    if (output != Output::Terminal) {
        return RunScreen::Kind::Nothing;
    }
    return isTerminal() ? RunScreen::Kind::Block : RunScreen::Kind::Lines;
}

/// A run that has ended.
struct Ended {
    std::unique_ptr<core::RunControl> run; ///< its clients may take a while to go
    core::RunResult result;
    int stops = 0; ///< signals that were to end it
};

Ended watch(std::unique_ptr<core::RunControl> control, StopSignals& signals, RunScreen& screen) {
    core::RunControl& run = *control;
    int stops = 0;
    while (!run.finished()) {
        screen.update(run.status());
        if (!signals.wait(kBetweenUpdates)) {
            continue;
        }
        const core::Command command =
            stops++ == 0 ? core::Command(core::StopCommand{true}) : core::Command(core::AbortCommand{});
        // A refusal means that the run has come to its end by itself.
        (void)run.command(command);
        screen.notice(stops == 1 ? "Stopping: what was sent is being stored. Ctrl-C again ends at once."
                                 : "Ending at once.");
    }
    return {std::move(control), run.wait(), stops};
}

/// Writes the result and prints it. A result that cannot be written is an internal error, whatever the verdict was.
ExitCode finish(core::RunResult result, const std::filesystem::path& folder, Output output) {
    const core::Status written = services::writeResult(result, folder);
    if (!written) {
        result.verdict.status = core::VerdictStatus::Internal;
        result.verdict.exit = ExitCode::Internal;
        result.verdict.summary = written.error().text() + " " + result.verdict.summary;
        complain(written.error().text());
    }
    if (output == Output::Json) {
        say(core::toJson(result, true) + "\n");
    } else if (output == Output::Terminal) {
        say(summaryText(result, written ? folder : std::filesystem::path(),
                        {std::min<std::size_t>(terminalSize().columns, 120), showsColours(),
                         isTerminal() ? terminalSize().rows : 0}));
    } else if (written && result.verdict.exit != ExitCode::Passed) {
        complain(result.verdict.summary);
    }
    return result.verdict.exit;
}

/// Waits until the run's clients have gone. A client of a dead server may hang, and nothing is left that anybody needs:
/// who wants the process to end, by the signals before or by one more, does not wait for it.
void letGo(Ended ended, StopSignals& signals, ExitCode code) {
    const auto patience = std::chrono::milliseconds(ended.stops > 1 ? 200 : 1000);
    const auto begin = std::chrono::steady_clock::now();
    const services::Aside<bool> going([&run = ended.run] {
        run.reset();
        return true;
    });
    while (!going.done()) {
        const bool signalled = signals.wait(kBetweenLooks).has_value();
        if (signalled || (ended.stops > 0 && std::chrono::steady_clock::now() - begin > patience)) {
            std::fflush(nullptr);
            std::_Exit(static_cast<int>(code));
        }
    }
}

ExitCode refuse(const core::Error& error) {
    complain(services::withRemedy(error, kAskDoctor));
    return exitCodeOf(error);
}

/// The started run, or why there is none; nothing after Ctrl-C.
std::optional<core::Result<std::unique_ptr<core::RunControl>>> open(services::RunOptions options,
                                                                    StopSignals& signals) {
    services::RunOpening opening(std::move(options));
    bool givenUp = false;
    while (!opening.done()) {
        if (signals.wait(kBetweenLooks)) {
            givenUp = true;
            opening.giveUp();
        }
    }
    auto run = opening.release();
    if (givenUp && !run) {
        return std::nullopt;
    }
    if (givenUp) { // it was too late for that: the run ends by itself, with its result
        (void)(*run)->command(core::StopCommand{true});
    }
    return run;
}

/// Nothing after Ctrl-C before the load. The screen is taken away again when this returns.
std::optional<core::Result<Ended>> execute(services::RunOptions options, RunFolder& folder, StopSignals& signals,
                                           RunScreen::Kind kind, const std::optional<std::string>& serve,
                                           LogLines& log) {
    const std::string name = options.scenario.name;
    RunScreen screen(kind, options.scenario.name, placeOf(options.target), log);
    auto run = open(std::move(options), signals);
    if (!run) {
        return std::nullopt;
    }
    if (!*run) {
        return run->error();
    }
    std::unique_ptr<ServedRole> served;
    if (serve) {
        auto begun = serveRun(***run, name, *serve, environmentVariable);
        if (!begun) {
            return begun.error();
        }
        served = std::move(*begun);
    }
    folder.keep();
    return watch(std::move(**run), signals, screen);
}

ExitCode runScenario(Request request) {
    LogLines log;
    if (request.serve) {
        if (const core::Status possible = canServe(*request.serve, environmentVariable); !possible) {
            complain(possible.error().text());
            return exitCodeOf(possible.error());
        }
    }
    const std::filesystem::path wanted =
        request.out.value_or(defaultRunFolder(request.run.scenario.name, std::chrono::system_clock::now()));
    auto folder = RunFolder::create(wanted);
    if (!folder) {
        complain(folder.error().text());
        return folder.error().kind == core::ErrorKind::Invalid ? ExitCode::Usage : ExitCode::Internal;
    }
    request.run.directory = folder->path();
    StopSignals signals; // before the run's first thread
    auto result = execute(std::move(request.run), *folder, signals, screenOf(request.output), request.serve, log);
    if (!result) {
        complain("Interrupted before the load began: nothing was sent.");
        return ExitCode::Interrupted;
    }
    if (!*result) {
        return refuse(result->error());
    }
    const ExitCode code = finish(std::move((*result)->result), wanted, request.output);
    letGo(std::move(**result), signals, code);
    return code;
}

ExitCode resume(const Arguments& arguments) {
    constexpr std::array kOthers{"--target", "--broker", "--store",         "--dedupe", "--out",
                                 "--set",    "--serve",  "--reset-offsets", "--daemons"};
    const auto other = std::find_if(kOthers.begin(), kOthers.end(),
                                    [&arguments](const char* option) { return arguments.has(option); });
    if (other != kOthers.end() || !arguments.operands().empty()) {
        complain(fmt::format("--resume-drain takes scenario and target from the run itself; leave out {}.",
                             other != kOthers.end() ? *other : "FILE"));
        return ExitCode::Usage;
    }
    LogLines log;
    const std::filesystem::path folder = *arguments.value("--resume-drain");
    auto result = services::resumeDrain(folder);
    if (result) {
        for (const std::string& line : log.pop()) {
            complain(line);
        }
        return finish(std::move(*result), folder, outputOf(arguments));
    }
    complain(services::withRemedy(result.error(), kAskDoctor));
    return exitCodeOf(result.error());
}

ExitCode body(const Arguments& arguments) {
    if (arguments.has("--json") && arguments.has("--quiet")) {
        complain("--json prints the result and --quiet prints nothing: choose one.");
        return ExitCode::Usage;
    }
    if (arguments.value("--out") == kStandardOutput) {
        complain("--out takes a folder; --json prints the result on standard output.");
        return ExitCode::Usage;
    }
    if (arguments.has("--resume-drain")) {
        return resume(arguments);
    }
    auto request = readRequest(arguments);
    return request ? runScenario(std::move(*request)) : ExitCode::Usage;
}

} // namespace

Verb runVerb() {
    return {syntax(), body};
}

} // namespace app
