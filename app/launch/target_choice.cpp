// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/launch/target_choice.h"

#include "core/text/wording.h"
#include "services/store/store_address.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <cstdlib>

namespace app {
namespace {

using core::invalid;

/// A part of the target: what names it, and how it is read.
template <typename Address>
struct Part {
    std::string_view flag;
    const char* variable;
    std::optional<Address> core::PartialTarget::* said;
    Address core::Target::* resolved;
    core::Result<Address> (*create)(const std::string& text);
    std::string_view instead; ///< where a password goes
};

constexpr Part<core::BrokerAddress> kBroker{"--broker",
                                            "MILLRACE_BROKER",
                                            &core::PartialTarget::broker,
                                            &core::Target::broker,
                                            [](const std::string& text) { return core::BrokerAddress::create(text); },
                                            "write sasl.password: ${NAME} under kafka in the scenario"};
constexpr Part<core::StoreAddress> kStore{
    "--store",
    "MILLRACE_STORE",
    &core::PartialTarget::store,
    &core::Target::store,
    services::readStoreAddress,
    "put it into PGPASSWORD, into ~/.pgpass, or into the whole URL in MILLRACE_STORE"};
constexpr Part<core::DedupeAddress> kDedupe{
    "--dedupe",
    "MILLRACE_DEDUPE",
    &core::PartialTarget::dedupe,
    &core::Target::dedupe,
    [](const std::string& text) { return core::DedupeAddress::create(text); },
    "put it into MILLRACE_REDIS_PASSWORD, or the whole URL into MILLRACE_DEDUPE"};

/// Does the step for one part after the other, until one fails.
core::Status forEachPart(const auto& step) {
    core::Status status = step(kBroker);
    status = status ? step(kStore) : status;
    return status ? step(kDedupe) : status;
}

/// The address that a flag or a variable holds; the error names it and not what it holds.
template <typename Address>
core::Result<Address> read(const Part<Address>& part, std::string_view name, const std::string& text) {
    auto address = part.create(text);
    if (!address) {
        return invalid(fmt::format("{}: {}.", name, address.error().text()));
    }
    return address;
}

/// The text, or, where it is an address with a secret, that address without it.
std::string shownAddress(const std::string& text) {
    std::string shown = text;
    (void)forEachPart([&](const auto& part) {
        const auto address = part.create(text);
        shown = address && !address->secrets().empty() ? address->shown() : shown;
        return core::Status();
    });
    return shown;
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

core::Result<core::PartialTarget> targetFlags(const Arguments& arguments) {
    core::PartialTarget flags;
    if (const auto target = arguments.value("--target")) {
        if (*target != core::kEmbedded) {
            return invalid("--target knows the word embedded only; name servers with --broker, --store and --dedupe.");
        }
        flags = {core::BrokerAddress(), core::StoreAddress(), core::DedupeAddress()};
    }
    const core::Status status = forEachPart([&](const auto& part) -> core::Status {
        const auto text = arguments.value(part.flag);
        if (!text) {
            return {};
        }
        const auto address = read(part, part.flag, *text);
        if (!address) {
            return address.error();
        }
        if (!address->secrets().empty()) {
            return invalid(fmt::format(
                "{} holds a password, and everyone on this machine can read a command line. Leave it out and {}.",
                part.flag, part.instead));
        }
        flags.*part.said = *address;
        return {};
    });
    return status ? core::Result(std::move(flags)) : core::Result<core::PartialTarget>(status.error());
}

core::Result<core::Target> chooseTarget(const core::PartialTarget& flags, const core::PartialTarget& file,
                                        const Environment& environment) {
    core::Target target;
    const core::Status status = forEachPart([&](const auto& part) -> core::Status {
        if (const auto& said = flags.*part.said ? flags.*part.said : file.*part.said) {
            target.*part.resolved = *said;
            return {};
        }
        const std::string text = environment(part.variable).value_or("");
        if (text.empty()) {
            return {};
        }
        const auto address = read(part, part.variable, text);
        if (!address) {
            return address.error();
        }
        target.*part.resolved = *address;
        return {};
    });
    return status ? core::Result(std::move(target)) : core::Result<core::Target>(status.error());
}

std::string withoutSecret(const std::string& text) {
    const std::string shown = shownAddress(text);
    const std::size_t login = text.find("://");
    const std::size_t at = text.rfind('@');
    const bool isAddress = services::readStoreAddress(text) || core::DedupeAddress::create(text);
    const bool hasPassword = login != std::string::npos && at != std::string::npos && text.find(':', login + 3) < at;
    return shown == text && !isAddress && (hasPassword || text.find("password=") != std::string::npos)
               ? "(not shown: it may hold a password, and is no address)"
               : shown;
}

core::Result<std::vector<std::pair<std::string, std::string>>> overrides(const std::vector<std::string>& settings) {
    std::vector<std::pair<std::string, std::string>> found;
    for (const std::string& setting : settings) {
        const std::size_t equals = setting.find('=');
        if (equals == std::string::npos || equals == 0) {
            return invalid(fmt::format("--set expects PATH=VALUE, as --set streams[0].stages[0].rate=500/s, not {}.",
                                       core::inQuotes(setting.substr(0, setting.find_first_of(": ")))));
        }
        const std::string path = setting.substr(0, equals);
        const std::string value = setting.substr(equals + 1);
        const bool writtenOut = value.find("${") == std::string::npos;
        if (writtenOut && (namesSecret(path) || withoutSecret(value) != value)) {
            return invalid(fmt::format("--set {} holds a secret, and everyone on this machine can read a command line. "
                                       "Write '${{NAME}}' in its place and set that environment variable.",
                                       core::shown(path)));
        }
        found.emplace_back(path, value);
    }
    return found;
}

} // namespace app
