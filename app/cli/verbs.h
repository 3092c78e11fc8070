#pragma once

#include "app/cli/arguments.h"
#include "core/verdict/verdict.h"

#include <string>
#include <string_view>
#include <vector>

namespace app {

/// A verb: what it takes, and what it does. The body answers an exit code.
struct Verb {
    VerbSyntax syntax;
    core::ExitCode (*body)(const Arguments& arguments);
};

Verb runVerb();
Verb validateVerb();
Verb initVerb();
Verb doctorVerb();

/// In the order in which the help lists them.
std::vector<Verb> allVerbs();

/// A failure before the load: 2 where the request is wrong, 6 where a server is absent or refuses us.
core::ExitCode exitCodeOf(const core::Error& error);

/// The error's sentence, and what to do where a server is absent and the sentence does not say it.
std::string withRemedy(const core::Error& error, std::string_view remedy);
inline constexpr std::string_view kAskDoctor = "Check the address and that it is running; 'doctor' says more.";

} // namespace app
