// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/console.h"
#include "app/cli/log_lines.h"
#include "app/cli/target_request.h"
#include "app/cli/verbs.h"
#include "app/launch/target_choice.h"
#include "services/kafka/cluster_admin.h"
#include "services/store/store.h"
#include "services/target/remedy.h"
#include "services/target/server_check.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>

namespace app {
namespace {

using core::ExitCode;
using core::Status;

constexpr std::array kIndexes{"source", "level", "text"};

VerbSyntax syntax() {
    std::vector<Option> options = targetOptions();
    options.push_back({"--index", "source,level,text", "indexes for those who search a lot; each costs throughput"});
    return {.name = "init",
            .operands = "[FILE]",
            .maxOperands = 1,
            .summary = "create the topics, tables and partitions that a target lacks",
            .explanation =
                "\nWhat is there already stays as it is, so this can be done any number of times, and 'run'\n"
                "does it by itself. FILE, a scenario, names the topics and how many partitions they have;\n"
                "without it they are those of all tiers.",
            .options = std::move(options),
            .example = "init --broker localhost:9092 --store postgresql://me@localhost/logs --index source"};
}

std::vector<std::string> cutAtCommas(const std::string& text) {
    std::vector<std::string> parts;
    for (std::size_t from = 0; from <= text.size();) {
        const std::size_t comma = std::min(text.find(',', from), text.size());
        parts.push_back(text.substr(from, comma - from));
        from = comma + 1;
    }
    return parts;
}

core::Result<std::vector<std::string>> indexesOf(const Arguments& arguments) {
    std::vector<std::string> indexes;
    if (const auto text = arguments.value("--index")) {
        indexes = cutAtCommas(*text);
    }
    for (const std::string& index : indexes) {
        if (std::find(kIndexes.begin(), kIndexes.end(), index) == kIndexes.end()) {
            return core::invalid("--index takes source, level and text, with commas between them.");
        }
    }
    return indexes;
}

Status createTopics(const TargetRequest& request) {
    if (request.target.broker.isEmbedded()) {
        say("broker  embedded: nothing to create\n");
        return {};
    }
    auto admin = services::ClusterAdmin::create({request.target.broker.shown(), request.scenario.kafka.client});
    if (!admin) {
        return admin.error();
    }
    std::map<std::string, int> wanted;
    for (const std::string& topic : request.topics()) {
        wanted[topic] = request.partitions();
    }
    const auto created = (*admin)->ensureTopics(wanted);
    if (!created) {
        return created.error();
    }
    for (const auto& [topic, partitions] : *created) {
        say(fmt::format("broker  topic {} is there, with {} partitions\n", topic, partitions));
    }
    for (const std::string& shortage :
         services::ClusterAdmin::shortages(*created, request.scenario.consumer.concurrency)) {
        say(fmt::format("broker  {}\n", shortage));
    }
    return {};
}

Status createTables(const TargetRequest& request, const std::vector<std::string>& indexes) {
    if (request.scenario.consumer.by != core::ConsumedBy::Millrace) {
        if (!indexes.empty()) {
            return core::invalid(
                "--index is for the tables of Millrace's own consumer, which this scenario does not use.");
        }
        say("store   nothing to create: Millrace stores nothing in this scenario\n");
        return {};
    }
    if (request.target.store.isEmbedded()) {
        if (!indexes.empty()) {
            return core::invalid("--index needs a store that stays: name it with --store.");
        }
        say("store   embedded: each run creates its own\n");
        return {};
    }
    services::StoreOptions options;
    options.address = request.target.store;
    options.group = request.scenario.kafka.group;
    auto store = services::openStore(options);
    if (!store) {
        return store.error();
    }
    if (const Status prepared = (*store)->prepare(std::chrono::system_clock::now()); !prepared) {
        return prepared;
    }
    if (const auto left = (*store)->shortcomings(); !left.empty()) {
        return core::refused(fmt::format("{}: {}", (*store)->describe(), fmt::join(left, " ")));
    }
    say(fmt::format("store   {}: the tables and partitions are there\n", (*store)->describe()));
    if (indexes.empty()) {
        return {};
    }
    if (const Status added = services::addIndexes(options, indexes); !added) {
        return added;
    }
    say(fmt::format("store   indexed by {}\n", fmt::join(indexes, ", ")));
    return {};
}

Status createAll(const TargetRequest& request, const std::vector<std::string>& indexes) {
    if (const Status checked = services::checkServers(request.scenario, request.target); !checked) {
        return checked;
    }
    if (const Status created = createTopics(request); !created) {
        return created;
    }
    return createTables(request, indexes);
}

ExitCode body(const Arguments& arguments) {
    LogLines log;
    const auto indexes = indexesOf(arguments);
    if (!indexes) {
        complain(indexes.error().text());
        return ExitCode::Usage;
    }
    const auto request = readTargetRequest(arguments);
    if (!request) {
        return ExitCode::Usage;
    }
    if (const Status created = createAll(*request, *indexes); !created) {
        complain(services::withRemedy(created.error(), kAskDoctor));
        return exitCodeOf(created.error());
    }
    for (const std::string& line : log.pop()) {
        complain(line);
    }
    say("dedupe  nothing to create: keys come and go by themselves\n");
    return ExitCode::Passed;
}

} // namespace

Verb initVerb() {
    return {syntax(), body};
}

} // namespace app
