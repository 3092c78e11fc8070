// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/console.h"
#include "app/cli/log_lines.h"
#include "app/cli/verbs.h"
#include "app/launch/target_choice.h"
#include "services/http/client.h"

namespace app {
namespace {

using core::ExitCode;

VerbSyntax syntax() {
    return {.name = "health",
            .operands = "[URL]",
            .maxOperands = 1,
            .summary = "ask a service whether it is up",
            .explanation =
                "\nURL is that of a service, as http://127.0.0.1:8081; without it that of MILLRACE_LISTEN, or\n"
                "http://127.0.0.1:8080. Prints what it answers, and ends with 0 if it is up, else with 6.",
            .example = "health http://127.0.0.1:8081"};
}

/// Where a service of this environment answers.
std::string ownAddress() {
    std::string listen = environmentVariable("MILLRACE_LISTEN").value_or("");
    if (listen.empty()) {
        listen = "127.0.0.1:8080";
    }
    const bool tls = environmentVariable("MILLRACE_TLS_CERTIFICATE").has_value();
    for (const auto& [any, loopback] :
         {std::pair<std::string_view, std::string_view>{"0.0.0.0:", "127.0.0.1:"}, {"[::]:", "[::1]:"}}) {
        if (listen.starts_with(any)) {
            listen.replace(0, any.size(), loopback);
        }
    }
    return (tls ? "https://" : "http://") + listen;
}

ExitCode body(const Arguments& arguments) {
    const LogLines log; // the answer says it better
    services::http::ClientOptions options;
    options.base = arguments.operands().empty() ? ownAddress() : arguments.operands()[0];
    if (const auto certificate = environmentVariable("MILLRACE_TLS_CERTIFICATE")) {
        options.certificateAuthority = *certificate; // asked by itself, a self-signed one is its own authority
    }
    auto client = services::http::Client::create(std::move(options));
    if (!client) {
        complain(client.error().text());
        return ExitCode::Usage;
    }
    const auto answer = (*client)->get("/actuator/health");
    if (!answer) {
        complain(answer.error().text());
        return ExitCode::Unreachable;
    }
    say(answer->body + "\n");
    return answer->status == 200 ? ExitCode::Passed : ExitCode::Unreachable;
}

} // namespace

Verb healthVerb() {
    return {syntax(), body};
}

} // namespace app
