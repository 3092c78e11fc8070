// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/launch/target_choice.h"

#include "core/text/wording.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <cstdlib>

namespace app {
namespace {

using core::invalid;
using core::Status;

/// True for scheme://user:password@…, scheme://:password@… and a parameter named password.
bool holdsPassword(std::string_view url) {
    const std::size_t scheme = url.find("://");
    if (scheme == std::string_view::npos) {
        return false;
    }
    const std::string_view rest = url.substr(scheme + 3);
    if (rest.find("password=") != std::string_view::npos) {
        return true;
    }
    // A password may hold a '/' or a '?', so the last '@' counts.
    const std::size_t at = rest.rfind('@');
    const std::size_t colon = rest.find(':');
    return at != std::string_view::npos && colon < at && colon + 1 < at;
}

bool startsWithAny(std::string_view text, std::initializer_list<std::string_view> beginnings) {
    return std::any_of(beginnings.begin(), beginnings.end(), [text](std::string_view beginning) {
        return text.starts_with(beginning) && text.size() > beginning.size();
    });
}

bool isServer(std::string_view text) {
    const std::size_t colon = text.rfind(':');
    if (colon == std::string_view::npos || colon == 0 || text.find_first_of(" /@") != std::string_view::npos) {
        return false;
    }
    const std::string_view port = text.substr(colon + 1);
    return !port.empty() && port.size() <= 5 && port.find_first_not_of("0123456789") == std::string_view::npos &&
           std::stoi(std::string(port)) > 0 && std::stoi(std::string(port)) <= 65'535;
}

Status checkBroker(std::string_view name, std::string_view text) {
    if (text == "embedded") {
        return {};
    }
    for (;;) {
        const std::size_t comma = text.find(',');
        if (!isServer(text.substr(0, comma))) {
            return invalid(fmt::format("{} expects HOST:PORT, several with commas between them, or embedded.", name));
        }
        if (comma == std::string_view::npos) {
            return {};
        }
        text.remove_prefix(comma + 1);
    }
}

Status checkStore(std::string_view name, std::string_view text) {
    if (text == "embedded" || startsWithAny(text, {"sqlite:", "postgresql://", "postgres://"})) {
        return {};
    }
    return invalid(fmt::format("{} expects postgresql://USER@HOST:PORT/DATABASE, sqlite:FILE or embedded.", name));
}

Status checkDedupe(std::string_view name, std::string_view text) {
    if (text == "memory" || startsWithAny(text, {"redis://", "rediss://"})) {
        return {};
    }
    return invalid(fmt::format("{} expects redis://HOST:PORT or memory.", name));
}

struct Part {
    std::string_view flag;
    const char* variable;
    std::string TargetFlags::* fromFlags;
    std::string core::Target::* inTarget;
    Status (*check)(std::string_view name, std::string_view text);
    std::string_view embedded;
    std::string_view instead; ///< where a password goes
};

constexpr std::array kParts{
    Part{"--broker", "MILLRACE_BROKER", &TargetFlags::broker, &core::Target::broker, checkBroker, "embedded",
         "write sasl.password: ${NAME} under kafka in the scenario"},
    Part{"--store", "MILLRACE_STORE", &TargetFlags::store, &core::Target::store, checkStore, "embedded",
         "put it into PGPASSWORD, into ~/.pgpass, or into the whole URL in MILLRACE_STORE"},
    Part{"--dedupe", "MILLRACE_DEDUPE", &TargetFlags::dedupe, &core::Target::dedupe, checkDedupe, "memory",
         "put it into MILLRACE_REDIS_PASSWORD, or the whole URL into MILLRACE_DEDUPE"},
};

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
        if (holdsPassword(*text)) {
            return invalid(fmt::format(
                "{} holds a password, and everyone on this machine can read a command line. Leave it out and {}.",
                part.flag, part.instead));
        }
        if (const Status checked = part.check(part.flag, *text); !checked) {
            return checked.error();
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
            if (const Status checked = chosen.empty() ? Status() : part.check(part.variable, chosen); !checked) {
                return checked.error();
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
        if (writtenOut && (namesSecret(path) || holdsPassword(value))) {
            return invalid(fmt::format("--set {} holds a secret, and everyone on this machine can read a command line. "
                                       "Write '${{NAME}}' in its place and set that environment variable.",
                                       core::shown(path)));
        }
        found.emplace_back(path, value);
    }
    return found;
}

} // namespace app
