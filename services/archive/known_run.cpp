// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/archive/known_run.h"

#include "services/archive/journal.h"
#include "services/archive/result_source.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <utility>

namespace services {

namespace fs = std::filesystem;

core::Result<core::KnownRun> readKnownRun(const fs::path& fileOrFolder) {
    auto result = readResult(fileOrFolder);
    if (!result) {
        return result.error();
    }
    core::KnownRun known = core::knownRunOf(*result);
    if (result->ledger.closed) {
        return known;
    }
    const auto journal = Journal::read(resultFileOf(fileOrFolder).parent_path());
    if (!journal) {
        return journal.error();
    }
    std::vector<core::SequenceSet>& acked = known.acked.emplace();
    for (const SequenceRuns& runs : journal->acked) {
        core::SequenceSet& stream = acked.emplace_back();
        for (const auto& [from, until] : runs) {
            stream.insertRange(from, until);
        }
    }
    known.whyNot.clear();
    return known;
}

core::Result<core::KnownRun> knownRunOfHead(const std::string& text) {
    try {
        const auto head = nlohmann::json::parse(text);
        core::RunResult result; // as much of it as counts here
        result.id = head.at("run").at("id").get<std::string>();
        result.name = head.at("run").at("name").get<std::string>();
        result.runTag = head.at("run").at("run_tag").get<std::uint32_t>();
        result.acked = head.value("acked", std::vector<std::string>());
        result.ledger.consumer.deadLettered = head.at("ledger").value("dead_lettered", std::uint64_t{});
        core::KnownRun known = core::knownRunOf(result);
        const bool finished = head.at("verdict").value("summary", std::string()) != "";
        if (!finished && !known.acked) {
            known.whyNot = "it has not ended, or its process was killed: name its folder, whose journal knows more";
        }
        return known;
    } catch (const nlohmann::json::exception& problem) {
        return core::invalid(fmt::format("The head of a run in the table runs cannot be read: {}", problem.what()));
    }
}

} // namespace services
