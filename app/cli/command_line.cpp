// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/command_line.h"

#include "app/cli/console.h"
#include "app/cli/verbs.h"
#include "app/launch/target_choice.h"
#include "core/text/wording.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <exception>
#include <filesystem>
#include <span>
#include <string>

namespace app {
namespace {

constexpr std::string_view kVersion = MILLRACE_VERSION;

std::string programHelp(std::string_view program, const std::vector<Verb>& verbs) {
    std::string text =
        "Millrace: load tests and monitoring for log pipelines.\n\n"
        "It generates load, carries it through Kafka, a duplicate filter and a store, and ends with a verdict.\n"
        "Without servers it runs everything in one process.\n\nVerbs\n";
    for (const Verb& verb : verbs) {
        text += fmt::format("  {:<9} {}\n", verb.syntax.name, verb.syntax.summary);
    }
    text += fmt::format("\n{0} VERB --help says more. {0} --version tells the version.\n\n", program);
    text += "Exit codes: 0 passed, 2 bad usage or scenario, 3 a rule was missed, 4 events lost or doubled,\n"
            "5 the generator was saturated, 6 a server is unreachable, 1 internal error, output or local disk full,\n"
            "130 interrupted.\n\n";
    return text + fmt::format("Example\n  {} run quickstart\n", program);
}

core::ExitCode refuseVerb(const std::string& word, std::string_view program, const std::vector<Verb>& verbs) {
    std::vector<std::string_view> names;
    for (const Verb& verb : verbs) {
        names.push_back(verb.syntax.name);
    }
    const auto near = core::nearest(word, names);
    complain(fmt::format("there is no verb {}. {}", core::inQuotes(withoutSecret(word)),
                         near ? fmt::format("Did you mean {}?", *near) : fmt::format("See '{} --help'.", program)));
    return core::ExitCode::Usage;
}

/// A standard descriptor that was closed (`>&-`) would become that of the next file, and our words would go into it.
/// One that cannot be written to takes its place.
void keepStandardDescriptors() {
    int opened = -1;
    do {
        opened = open("/dev/null", O_RDONLY);
    } while (opened >= 0 && opened <= STDERR_FILENO);
    if (opened >= 0) {
        close(opened);
    }
}

core::ExitCode dispatch(std::span<const std::string> words, std::string_view program, const std::vector<Verb>& verbs) {
    if (words.empty()) {
        complain(fmt::format("a verb is missing. See '{} --help'.", program));
        return core::ExitCode::Usage;
    }
    if (words[0] == "--help" || words[0] == "-h" || words[0] == "help") {
        say(programHelp(program, verbs));
        return core::ExitCode::Passed;
    }
    if (words[0] == "--version") {
        say(fmt::format("millrace {}\n", kVersion));
        return core::ExitCode::Passed;
    }
    const std::string name = words[0] == "--daemon" ? "serve" : words[0]; // as other programs call it
    const auto verb =
        std::find_if(verbs.begin(), verbs.end(), [&](const Verb& known) { return known.syntax.name == name; });
    if (verb == verbs.end()) {
        return refuseVerb(words[0], program, verbs);
    }
    const auto arguments = Arguments::parse(verb->syntax, words.subspan(1));
    if (!arguments) {
        complain(arguments.error().text());
        return core::ExitCode::Usage;
    }
    if (arguments->helpWanted()) {
        say(helpText(verb->syntax, program));
        return core::ExitCode::Passed;
    }
    return verb->body(*arguments);
}

} // namespace

core::ExitCode exitCodeOf(const core::Error& error) {
    switch (error.kind) {
    case core::ErrorKind::Invalid:
        return core::ExitCode::Usage;
    case core::ErrorKind::Transient:
    case core::ErrorKind::Refused:
        return core::ExitCode::Unreachable;
    case core::ErrorKind::Fatal:
        break;
    }
    return core::ExitCode::Internal;
}

std::vector<Verb> allVerbs(const services::PictureExporter& pictures) {
    return {runVerb(),   validateVerb(), initVerb(),   doctorVerb(),  reportVerb(pictures), compareVerb(),
            auditVerb(), serveVerb(),    healthVerb(), monitorVerb(), messagesVerb()};
}

void surviveFailedWrites() {
    std::signal(SIGPIPE, SIG_IGN); // a reader that went away (`| head`)
    std::signal(SIGXFSZ, SIG_IGN); // a file at the process's limit (ulimit -f)
}

int runCommandLine(int argc, char** argv, const services::PictureExporter& pictures) {
    const std::vector<std::string> words(argv + std::min(argc, 1), argv + argc);
    const std::string program = argc > 0 ? std::filesystem::path(argv[0]).filename().string() : "millraced";
    keepStandardDescriptors();
    surviveFailedWrites();
    try {
        const core::ExitCode exit = dispatch(words, program, allVerbs(pictures));
        if (const auto failure = outputFailure()) {
            complain(*failure);
            return static_cast<int>(core::ExitCode::Internal);
        }
        return static_cast<int>(exit);
    } catch (const std::exception& error) { // out of memory, or a mistake of ours: still a sentence, and 1
        complain(fmt::format("internal error: {}", error.what()));
        return static_cast<int>(core::ExitCode::Internal);
    }
}

} // namespace app
