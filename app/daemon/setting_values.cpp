// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/daemon/setting_values.h"

#include "core/text/wording.h"
#include "core/yaml/yaml_tree.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <sstream>

namespace app {
namespace {

/// A setting by its three names: `name` in a file, MILLRACE_NAME in the environment, --name as an option.
struct Setting {
    std::string_view name; ///< words joined by '_'
    std::string_view value;
    std::string_view help;
    std::string_view standard{}; ///< empty: none
};

constexpr std::array kSettings{
    Setting{"role", "ROLE", "producer, consumer, gateway, or all of them in one process"},
    Setting{"listen", "ADDRESS:PORT",
            "where to answer (else 127.0.0.1 and 8080 gateway, 8081 producer, 8082 consumer)"},
    Setting{"broker", "HOST:PORT,…", "Kafka"},
    Setting{"store", "URL", "postgresql://USER@HOST:PORT/DATABASE or sqlite:FILE"},
    Setting{"dedupe", "URL", "redis://HOST:PORT or memory", "memory"},
    Setting{"scenario", "FILE", "kafka, consumer and dedupe settings; a producer's baseline"},
    Setting{"retention_days", "DAYS", "a consumer forgets what is older (else it keeps everything)"},
    Setting{"reset_offsets", "YES-OR-NO", "a consumer starts anew where its position lies beyond the broker's log",
            "no"},
    Setting{"share", "INDEX/COUNT", "a producer's part of the baseline, as 0/3", "0/1"},
    Setting{"producers", "LIST", "whom a gateway asks: HOST:PORT,… or dns:NAME:PORT", "127.0.0.1:8081"},
    Setting{"consumers", "LIST", "the same for consumers", "127.0.0.1:8082"},
    Setting{"parts_ca", "FILE", "a gateway asks its parts by HTTPS, and trusts this authority (PEM)"},
    Setting{"token_file", "FILE", "holds the bearer token that clients must know (else MILLRACE_TOKEN)"},
    Setting{"hosts", "NAME,…", "further names that a client may call this server by"},
    Setting{"tls_certificate", "FILE", "PEM, with its chain: answer by HTTPS"},
    Setting{"tls_key", "FILE", "PEM, the certificate's key"},
    Setting{"connections", "COUNT", "connections at the same time", "64"},
    Setting{"connections_per_client", "COUNT", "of them from one address", "8"},
    Setting{"log", "FORM", "text or json", "text"},
};

std::string optionOf(std::string_view name) {
    std::string option = fmt::format("--{}", name);
    std::ranges::replace(option, '_', '-');
    return option;
}

core::Status readFile(const std::string& file, SettingValues& values) {
    const std::ifstream stream(file, std::ios::binary);
    if (!stream) {
        return core::invalid(fmt::format("The configuration file {} cannot be opened.", core::inQuotes(file)));
    }
    std::ostringstream text;
    text << stream.rdbuf();
    const core::YamlReading reading = core::readYaml(text.str());
    if (!reading.problems.empty()) {
        const core::YamlProblem& first = reading.problems.front();
        return core::invalid(fmt::format("{}:{}:{}: {}", file, first.at.line, first.at.column, first.message));
    }
    if (reading.root.kind != core::YamlNode::Kind::Mapping) {
        return core::invalid(fmt::format("{}: expected lines such as 'listen: 127.0.0.1:8081'", file));
    }
    std::vector<std::string_view> known;
    for (const Setting& setting : kSettings) {
        known.push_back(setting.name);
    }
    for (const core::YamlEntry& entry : reading.root.entries) {
        const std::string& name = entry.key.text;
        const std::string place = fmt::format("{}:{}", file, entry.key.start.line);
        if (std::ranges::find(known, name) == known.end()) {
            const auto near = core::nearest(name, known);
            return core::invalid(fmt::format("{}: there is no setting {}.{}", place, core::inQuotes(name),
                                             near ? fmt::format(" Did you mean {}?", *near) : ""));
        }
        if (entry.value.kind != core::YamlNode::Kind::Scalar) {
            return core::invalid(fmt::format("{}: {} takes one text; write a list with commas.", place, name));
        }
        values[name] = {entry.value.text, place};
    }
    return {};
}

} // namespace

std::string variableOf(std::string_view name) {
    std::string variable = fmt::format("MILLRACE_{}", name);
    std::ranges::transform(variable, variable.begin(),
                           [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; });
    return variable;
}

std::vector<Option> serveOptions() {
    static const std::vector<std::string> names = [] { // options are views
        std::vector<std::string> all;
        for (const Setting& setting : kSettings) {
            all.push_back(optionOf(setting.name));
        }
        return all;
    }();
    std::vector<Option> options;
    for (std::size_t i = 0; i < kSettings.size(); ++i) {
        options.push_back({names[i], kSettings[i].value, kSettings[i].help});
    }
    options.push_back({"--config", "FILE", "YAML with these settings, as 'token_file: /etc/millrace/token'"});
    options.push_back({"--show-config", "", "print each setting and where it comes from, and end"});
    return options;
}

core::Result<SettingValues> readSettingValues(const Arguments& arguments, const Environment& environment) {
    SettingValues values;
    for (const Setting& setting : kSettings) {
        if (!setting.standard.empty()) {
            values[std::string(setting.name)] = {std::string(setting.standard), "default"};
        }
    }
    const auto config = arguments.value("--config");
    const std::string file = config ? *config : environment("MILLRACE_CONFIG").value_or("");
    if (!file.empty()) {
        if (const core::Status read = readFile(file, values); !read) {
            return read.error();
        }
        values["config"] = {file, config ? "--config" : "MILLRACE_CONFIG"};
    }
    for (const Setting& setting : kSettings) {
        if (const auto text = environment(variableOf(setting.name)); text && !text->empty()) {
            values[std::string(setting.name)] = {*text, variableOf(setting.name)};
        }
    }
    if (!environment(variableOf(kToken)).value_or("").empty()) { // where it comes from; its reader asks there
        values[std::string(kToken)] = {"(not shown)", variableOf(kToken)};
    }
    if (const auto flags = targetFlags(arguments); !flags) { // a password on the command line
        return flags.error();
    }
    for (const Setting& setting : kSettings) {
        if (const auto text = arguments.value(optionOf(setting.name))) {
            values[std::string(setting.name)] = {*text, optionOf(setting.name)};
        }
    }
    return values;
}

std::string settingsText(const SettingValues& values) {
    std::string text;
    const auto line = [&](std::string_view name) {
        const auto said = values.find(name);
        const bool none = said == values.end();
        text += fmt::format("{:<22} {:<44} {}\n", name, none ? "-" : withoutSecret(said->second.text),
                            none ? "" : said->second.origin);
    };
    for (const Setting& setting : kSettings) {
        line(setting.name);
    }
    line(kToken);
    return text;
}

} // namespace app
