// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/daemon/daemon_settings.h"

#include "app/launch/scenario_file.h"
#include "core/target/daemon_list.h"
#include "core/text/plain_number.h"
#include "core/text/wording.h"

#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <array>

namespace app {
namespace {

core::Error wrong(const SettingValue& value, std::string sentence) {
    return core::invalid(fmt::format("{}: {}", value.origin, sentence));
}

core::Result<std::vector<DaemonRole>> rolesFrom(const SettingValues& values) {
    const auto said = values.find("role");
    if (said == values.end()) {
        return core::invalid("--role is missing: producer, consumer, gateway or all.");
    }
    constexpr std::array kRoles{DaemonRole::Gateway, DaemonRole::Producer, DaemonRole::Consumer}; // by their ports
    std::vector<DaemonRole> roles;
    for (const DaemonRole role : kRoles) {
        if (said->second.text == nameOf(role) || said->second.text == "all") {
            roles.push_back(role);
        }
    }
    if (roles.empty()) {
        return wrong(said->second, fmt::format("there is no role {}; it is producer, consumer, gateway or all.",
                                               core::inQuotes(said->second.text)));
    }
    return roles;
}

core::Result<core::ServerName> listenFrom(const SettingValues& values, int port) {
    core::ServerName name{"127.0.0.1", port};
    const auto said = values.find("listen");
    if (said == values.end()) {
        return name;
    }
    std::string text = said->second.text;
    const bool anyPort = text.ends_with(":0");
    if (anyPort) {
        text.back() = '1';
    }
    auto read = core::readServerName(text);
    if (read && anyPort) {
        read->port = 0;
    }
    if (!read || !read->port) {
        return wrong(said->second, fmt::format("{} is no ADDRESS:PORT, such as 127.0.0.1:8081 or [::1]:8081.",
                                               core::inQuotes(withoutSecret(said->second.text))));
    }
    return *read;
}

std::vector<std::string> listFrom(const SettingValues& values, std::string_view name) {
    const auto said = values.find(name);
    const auto items = said == values.end() ? std::vector<std::string_view>() : core::itemsOf(said->second.text);
    return {items.begin(), items.end()};
}

core::Result<std::vector<std::string>> partsFrom(const SettingValues& values, std::string_view name) {
    std::vector<std::string> parts = listFrom(values, name);
    for (const std::string& part : parts) {
        if (!core::readDaemon(part)) {
            return wrong(values.find(name)->second, fmt::format("{} is neither HOST:PORT nor dns:NAME:PORT.",
                                                                core::inQuotes(withoutSecret(part))));
        }
    }
    return parts;
}

core::Result<std::optional<services::http::BearerToken>> tokenFrom(const SettingValues& values,
                                                                   const Environment& environment) {
    using services::http::BearerToken;
    const auto file = values.find("token_file");
    const std::string text = environment(variableOf(kToken)).value_or("");
    if (file == values.end() && text.empty()) {
        return std::optional<BearerToken>();
    }
    auto token =
        file != values.end() ? BearerToken::fromFile(file->second.text) : BearerToken::create(core::Secret(text));
    if (!token) {
        return file != values.end() ? wrong(file->second, token.error().text())
                                    : core::invalid(variableOf(kToken) + ": " + token.error().text());
    }
    return std::optional(std::move(*token));
}

core::Result<std::optional<services::http::TlsFiles>> tlsFrom(const SettingValues& values) {
    const auto certificate = values.find("tls_certificate");
    const auto key = values.find("tls_key");
    if ((certificate == values.end()) != (key == values.end())) {
        return core::invalid("tls_certificate and tls_key belong together: name both or none.");
    }
    if (certificate == values.end()) {
        return std::optional<services::http::TlsFiles>();
    }
    return std::optional(services::http::TlsFiles{certificate->second.text, key->second.text});
}

bool readableByOthers(const std::string& file) {
    struct stat facts{};
    return stat(file.c_str(), &facts) == 0 && (facts.st_mode & (S_IRWXG | S_IRWXO)) != 0;
}

core::Result<core::Target> targetFrom(const SettingValues& values, const core::PartialTarget& scenarios) {
    const auto environment = [&values](const std::string& name) -> std::optional<std::string> {
        for (const auto& [setting, value] : values) {
            if (variableOf(setting) == name) {
                return value.text;
            }
        }
        return std::nullopt;
    };
    // Here the scenario comes last: it says what others may leave out.
    core::PartialTarget rest = scenarios;
    for (const auto& [setting, value] : values) {
        if (setting == "broker") {
            rest.broker.reset();
        } else if (setting == "store") {
            rest.store.reset();
        } else if (setting == "dedupe" && value.origin != "default") {
            rest.dedupe.reset();
        }
    }
    auto target = chooseTarget({}, rest, environment);
    if (!target) {
        return target;
    }
    const auto config = values.find("config");
    const auto inFile = [&](std::string_view name) {
        const auto said = values.find(name);
        return config != values.end() && said != values.end() &&
               said->second.origin.starts_with(config->second.text + ":");
    };
    const bool holdsPassword = (inFile("broker") && !target->broker.secrets().empty()) ||
                               (inFile("store") && !target->store.secrets().empty()) ||
                               (inFile("dedupe") && !target->dedupe.secrets().empty());
    if (holdsPassword && readableByOthers(config->second.text)) {
        return core::invalid(fmt::format("{} holds a password and can be read by others.", config->second.text),
                             "chmod 600, or put the password into the environment");
    }
    return target;
}

core::Result<LoadShare> shareFrom(const SettingValues& values) {
    const SettingValue& said = values.find("share")->second;
    const std::size_t slash = std::min(said.text.find('/'), said.text.size());
    const auto index = core::numberFrom<std::uint32_t>(std::string_view(said.text).substr(0, slash));
    const auto count =
        core::numberFrom<std::uint32_t>(std::string_view(said.text).substr(std::min(slash + 1, said.text.size())));
    if (index && count && *index < *count) {
        return LoadShare{*index, *count};
    }
    return wrong(said, fmt::format("{} is no INDEX/COUNT with INDEX from 0 to COUNT - 1, such as 0/3.",
                                   core::inQuotes(said.text)));
}

/// Each rate divided by the share's count; other seeds, so that shares send different events.
void take(const LoadShare& share, core::Scenario& scenario) {
    const auto part = [&share](core::Rate& rate) { rate.perSecond /= share.count; };
    for (core::Stream& stream : scenario.streams) {
        for (core::Stage& stage : stream.stages) {
            if (auto* constant = std::get_if<core::ConstantStage>(&stage)) {
                part(constant->rate);
            } else if (auto* ramp = std::get_if<core::RampStage>(&stage)) {
                part(ramp->to);
            } else if (auto* spike = std::get_if<core::SpikeStage>(&stage)) {
                part(spike->to);
            } else if (auto* stairs = std::get_if<core::StaircaseStage>(&stage)) {
                part(stairs->from);
                part(stairs->to);
            } else if (auto* sine = std::get_if<core::SineStage>(&stage)) {
                part(sine->mean);
                part(sine->amplitude);
            }
        }
    }
    scenario.seed += share.index;
}

core::Result<core::Scenario> scenarioFrom(const SettingValues& values) {
    const auto said = values.find("scenario");
    const auto share = shareFrom(values);
    if (!share) {
        return share.error();
    }
    if (said == values.end()) {
        return core::Scenario();
    }
    const auto file = findScenario(said->second.text, scenarioFolders());
    if (!file) {
        return wrong(said->second, file.error().text());
    }
    core::ScenarioReading reading = loadScenario(*file, {});
    if (!reading.scenario) {
        std::string problems;
        for (const core::Problem& problem : reading.problems) {
            problems += (problems.empty() ? "" : "\n") + problem.text();
        }
        return core::invalid(std::move(problems));
    }
    take(*share, *reading.scenario);
    return std::move(*reading.scenario);
}

core::Result<std::size_t> countFrom(const SettingValues& values, std::string_view name) {
    constexpr std::size_t kMostCount = 10'000;
    const SettingValue& said = values.find(name)->second;
    const auto count = core::numberFrom<std::size_t>(said.text);
    if (!count || *count < 1 || *count > kMostCount) {
        return wrong(said, fmt::format("{} is no whole number from 1 to {}.", core::inQuotes(said.text), kMostCount));
    }
    return *count;
}

/// Of two words, whether it is the second.
core::Result<bool> choiceFrom(const SettingValues& values, std::string_view name, std::string_view first,
                              std::string_view second) {
    const SettingValue& said = values.find(name)->second;
    if (said.text != first && said.text != second) {
        return wrong(said, fmt::format("{} is neither {} nor {}.", core::inQuotes(said.text), first, second));
    }
    return said.text == second;
}

int portOf(DaemonRole role) {
    return role == DaemonRole::Gateway ? 8080 : role == DaemonRole::Producer ? 8081 : 8082;
}

/// Readings one after the other, up to the first error.
class Reading {
public:
    template <typename T, typename Into>
    void read(core::Result<T> result, Into& into) {
        if (!m_error && result) {
            into = std::move(*result);
        } else if (!m_error) {
            m_error = result.error();
        }
    }
    void check(const core::Status& status) {
        if (!m_error && !status) {
            m_error = status.error();
        }
    }
    template <typename T>
    core::Result<T> result(T value) const {
        return m_error ? core::Result<T>(*m_error) : core::Result<T>(std::move(value));
    }

private:
    std::optional<core::Error> m_error;
};

core::Status checkServers(const DaemonSettings& settings) {
    const auto has = [&](DaemonRole role) { return std::ranges::find(settings.roles, role) != settings.roles.end(); };
    if ((has(DaemonRole::Producer) || has(DaemonRole::Consumer)) && settings.target.broker.isEmbedded()) {
        return core::invalid("A producer or a consumer needs a Kafka: --broker HOST:PORT or MILLRACE_BROKER.");
    }
    if (has(DaemonRole::Consumer) && settings.target.store.isEmbedded()) {
        return core::invalid("A consumer needs a store: --store postgresql://USER@HOST/DATABASE or MILLRACE_STORE.");
    }
    if (settings.retention && settings.target.store.sqlite() != nullptr) {
        return core::invalid("retention_days needs PostgreSQL; a SQLite store forgets nothing.");
    }
    return {};
}

} // namespace

std::string_view nameOf(DaemonRole role) {
    switch (role) {
    case DaemonRole::Producer:
        return "producer";
    case DaemonRole::Consumer:
        return "consumer";
    case DaemonRole::Gateway:
        return "gateway";
    }
    return {};
}

core::Result<ServerSettings> readServerSettings(const SettingValues& values, const Environment& environment, int port) {
    ServerSettings settings;
    Reading reading;
    reading.read(listenFrom(values, port), settings.listen);
    reading.read(tokenFrom(values, environment), settings.token);
    reading.read(tlsFrom(values), settings.tls);
    reading.read(countFrom(values, "connections"), settings.connections);
    reading.read(countFrom(values, "connections_per_client"), settings.connectionsPerClient);
    settings.hosts = listFrom(values, "hosts");
    return reading.result(std::move(settings));
}

core::Result<DaemonSettings> readDaemonSettings(const SettingValues& values, const Environment& environment) {
    DaemonSettings settings;
    Reading reading;
    reading.read(rolesFrom(values), settings.roles);
    const DaemonRole first = settings.roles.empty() ? DaemonRole::Gateway : settings.roles.front();
    reading.read(readServerSettings(values, environment, portOf(first)), settings.server);
    reading.read(scenarioFrom(values), settings.scenario);
    reading.read(targetFrom(values, settings.scenario.target), settings.target);
    reading.read(partsFrom(values, "producers"), settings.parts.producers);
    reading.read(partsFrom(values, "consumers"), settings.parts.consumers);
    if (const auto authority = values.find("parts_ca"); authority != values.end()) {
        settings.partsAuthority = authority->second.text;
    }
    if (values.contains("retention_days")) {
        std::size_t days = 0;
        reading.read(countFrom(values, "retention_days"), days);
        settings.retention = std::chrono::days(days);
    }
    reading.read(choiceFrom(values, "reset_offsets", "no", "yes"), settings.resetOffsets);
    reading.read(choiceFrom(values, "log", "text", "json"), settings.jsonLog);
    reading.check(checkServers(settings));
    return reading.result(std::move(settings));
}

} // namespace app
