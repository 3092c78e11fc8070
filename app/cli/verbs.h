// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/launch/arguments.h"
#include "core/verdict/verdict.h"
#include "services/archive/report_export.h"

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace app {

/// A verb: what it takes, and what it does. The body answers an exit code.
struct Verb {
    VerbSyntax syntax;
    std::function<core::ExitCode(const Arguments& arguments)> body;
};

Verb runVerb();
Verb validateVerb();
Verb initVerb();
Verb doctorVerb();
Verb reportVerb(const services::PictureExporter& pictures);
Verb compareVerb();
Verb auditVerb();
Verb serveVerb();
Verb healthVerb();
Verb monitorVerb();
Verb messagesVerb();

/// In the order in which the help lists them.
std::vector<Verb> allVerbs(const services::PictureExporter& pictures);

/// A failure before the load: 2 where the request is wrong, 6 where a server is absent or denies access, 1 where
/// this machine cannot go on.
core::ExitCode exitCodeOf(const core::Error& error);

/// What to do about an absent server, for services::withRemedy().
inline constexpr std::string_view kAskDoctor = "Check the address and that it is running; 'doctor' says more.";

} // namespace app
