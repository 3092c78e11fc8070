// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/console.h"
#include "app/cli/log_lines.h"
#include "app/cli/target_request.h"
#include "app/cli/verbs.h"
#include "app/launch/target_choice.h"
#include "services/target/doctor.h"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

namespace app {
namespace {

using core::ExitCode;
using services::Finding;
using services::Health;
using services::ServerPart;

VerbSyntax syntax() {
    return {.name = "doctor",
            .operands = "[FILE]",
            .maxOperands = 1,
            .summary = "check each server of a target and say how to fix what is wrong",
            .explanation =
                "\nChanges nothing. FILE, a scenario, adds its topics, client settings and rate to the questions.\n"
                "Ends with 0 if a run can start, with 6 if a server would keep it from that.",
            .options = targetOptions(),
            .example = "doctor\ndoctor sustained-10k --broker localhost:9092 --store postgresql://me@localhost/logs"};
}

std::string_view nameOf(ServerPart part) {
    switch (part) {
    case ServerPart::Broker:
        return "broker";
    case ServerPart::Store:
        return "store";
    case ServerPart::Dedupe:
        return "dedupe";
    }
    return {};
}

std::string_view wordOf(Health health) {
    switch (health) {
    case Health::Ok:
        return "ok";
    case Health::Warn:
        return "warn";
    case Health::Fail:
        return "fail";
    }
    return {};
}

ExitCode body(const Arguments& arguments) {
    const LogLines log; // not shown: the findings say it better
    const auto request = readTargetRequest(arguments);
    if (!request) {
        return ExitCode::Usage;
    }
    std::vector<Finding> findings;
    services::examine({request->scenario, request->target, request->topics(), request->fromFile}, {},
                      [&findings](const Finding& finding) { findings.push_back(finding); });
    std::ranges::stable_sort(findings, {}, &Finding::part); // whoever answered first
    for (const Finding& finding : findings) {
        say(fmt::format("{:<6}  {:<4}  {}\n", nameOf(finding.part), wordOf(finding.health), finding.sentence));
    }
    const bool failed = std::ranges::find(findings, Health::Fail, &Finding::health) != findings.end();
    return failed ? ExitCode::Unreachable : ExitCode::Passed;
}

} // namespace

Verb doctorVerb() {
    return {syntax(), body};
}

} // namespace app
