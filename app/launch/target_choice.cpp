// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/launch/target_choice.h"

#include "core/text/wording.h"
#include "services/target/target_address.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <cstdlib>

namespace app {
namespace {

using core::invalid;
using core::TargetPart;

struct Part {
    std::string_view flag;
    const char* variable;
    std::string TargetFlags::* fromFlags;
    std::string core::Target::* inTarget;
    TargetPart part;
    std::string_view embedded;
    std::string_view instead; ///< where a password goes
};

constexpr std::array kParts{
    Part{"--broker", "MILLRACE_BROKER", &TargetFlags::broker, &core::Target::broker, TargetPart::Broker, "embedded",
         "write sasl.password: ${NAME} under kafka in the scenario"},
    Part{"--store", "MILLRACE_STORE", &TargetFlags::store, &core::Target::store, TargetPart::Store, "embedded",
         "put it into PGPASSWORD, into ~/.pgpass, or into the whole URL in MILLRACE_STORE"},
    Part{"--dedupe", "MILLRACE_DEDUPE", &TargetFlags::dedupe, &core::Target::dedupe, TargetPart::Dedupe, "memory",
         "put it into MILLRACE_REDIS_PASSWORD, or the whole URL into MILLRACE_DEDUPE"},
};

/// The reading of what a flag or a variable holds; the error names it and not what it holds.
core::Result<core::AddressReading> read(const Part& part, std::string_view name, const std::string& text) {
    auto address = services::readAddress(part.part, text);
    if (!address) {
        return invalid(fmt::format("{}: {}.", name, address.error().message));
    }
    return address;
}

/// True for an address with a password, of whichever part.
bool holdsSecret(const std::string& text) {
    return std::ranges::any_of(kParts, [&text](const Part& part) {
        const auto address = services::readAddress(part.part, text);
        return address && !address->secrets.empty();
    });
}

bool namesSecret(std::string path) {
    std::transform(path.begin(), path.end(), path.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return path.ends_with("password") || path.ends_with("secret") || path.ends_with("key.pem");
}

} // namespace

std::optional<std::string> environmentVariable(const std::string& name) {
    const char* const value = std::getenv(name.c_str());
    return value == nullptr ? std::nullopt : std::optional<std::string>(value);
}

std::vector<Option> targetOptions() {
    return {
        {"--target", "embedded", "everything in this process, whatever the file or the environment say"},
        {"--broker", "HOST:PORT,…", "Kafka, or embedded"},
        {"--store", "URL", "postgresql://USER@HOST:PORT/DATABASE, sqlite:FILE or embedded"},
        {"--dedupe", "URL", "redis://HOST:PORT or memory"},
    };
}

core::Result<TargetFlags> targetFlags(const Arguments& arguments) {
    TargetFlags flags;
    if (const auto target = arguments.value("--target")) {
        if (*target != "embedded") {
            return invalid("--target knows the word embedded only; name servers with --broker, --store and --dedupe.");
        }
        flags.embedded = true;
    }
    for (const Part& part : kParts) {
        const auto text = arguments.value(part.flag);
        if (!text) {
            continue;
        }
        const auto address = read(part, part.flag, *text);
        if (!address) {
            return address.error();
        }
        if (!address->secrets.empty()) {
            return invalid(fmt::format(
                "{} holds a password, and everyone on this machine can read a command line. Leave it out and {}.",
                part.flag, part.instead));
        }
        flags.*part.fromFlags = *text;
    }
    return flags;
}

core::Result<core::Target> chooseTarget(const TargetFlags& flags, const core::Target& file,
                                        const Environment& environment) {
    core::Target target;
    for (const Part& part : kParts) {
        std::string& chosen = target.*part.inTarget;
        chosen = flags.*part.fromFlags;
        if (chosen.empty() && !flags.embedded) {
            chosen = file.*part.inTarget;
        }
        if (chosen.empty() && !flags.embedded) {
            chosen = environment(part.variable).value_or("");
            if (!chosen.empty()) {
                if (const auto address = read(part, part.variable, chosen); !address) {
                    return address.error();
                }
            }
        }
        if (chosen.empty()) {
            chosen = part.embedded;
        }
    }
    return target;
}

core::Result<std::vector<std::pair<std::string, std::string>>> overrides(const std::vector<std::string>& settings) {
    std::vector<std::pair<std::string, std::string>> found;
    for (const std::string& setting : settings) {
        const std::size_t equals = setting.find('=');
        if (equals == std::string::npos || equals == 0) {
            return invalid(fmt::format("--set expects PATH=VALUE, as --set streams[0].stages[0].rate=500/s, not {}.",
                                       core::inQuotes(setting)));
        }
        const std::string path = setting.substr(0, equals);
        const std::string value = setting.substr(equals + 1);
        const bool writtenOut = value.find("${") == std::string::npos;
        if (writtenOut && (namesSecret(path) || holdsSecret(value))) {
            return invalid(fmt::format("--set {} holds a secret, and everyone on this machine can read a command line. "
                                       "Write '${{NAME}}' in its place and set that environment variable.",
                                       core::shown(path)));
        }
        found.emplace_back(path, value);
    }
    return found;
}

} // namespace app
