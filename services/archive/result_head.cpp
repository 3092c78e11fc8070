// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/archive/result_head.h"

#include "core/results/result_file.h"
#include "core/text/wording.h"
#include "services/archive/folder_claim.h"
#include "services/archive/json_head.h"
#include "services/archive/result_folder.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <fstream>
#include <limits>

namespace services {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;
using State = CatalogueEntry::State;

constexpr std::size_t kLongestHead = 8U << 20U; // thousands of rules

double numberOf(const Json& value) {
    return value.is_null() ? std::numeric_limits<double>::quiet_NaN() : value.get<double>();
}

/// Throws the library's exceptions where something is missing or of another type.
void readInto(const Json& head, CatalogueEntry& entry) {
    using namespace nlohmann::literals;
    const Json& run = head.at("run");
    entry.id = run.at("id").get<std::string>();
    entry.name = run.at("name").get<std::string>();
    entry.started = run.at("started").get<std::string>();
    entry.seconds = numberOf(run.at("seconds"));
    entry.status = statusOf(head.at("verdict").at("status").get<std::string>());
    entry.summary = head.at("verdict").at("summary").get<std::string>();
    entry.storedRate = numberOf(head.at("rate_per_s").at("stored"));
    const Json& p99 = head.at("latency_ms").at("end_to_end").at("p99");
    if (p99.is_number()) {
        entry.endToEndP99Ms = p99.get<double>();
    }
    entry.onEmbeddedBroker = head.value("/target/broker"_json_pointer, std::string()) == "embedded";
}

void damaged(const fs::path& file, std::string_view why, CatalogueEntry& entry) {
    entry.state = State::Damaged;
    entry.problem = fmt::format("{} is damaged: {}.", file.string(), why);
}

/// The schema that the document names at its beginning, where ours stands; empty: none. Reads on from where it began.
std::string schemaOf(std::istream& in) {
    constexpr std::string_view kFamily = "millrace.result/";
    const auto begin = in.tellg();
    std::string start(256, '\0');
    in.read(start.data(), static_cast<std::streamsize>(start.size()));
    start.resize(static_cast<std::size_t>(in.gcount()));
    in.clear();
    in.seekg(begin);
    const std::size_t at = start.find(kFamily);
    const std::size_t end = at == std::string::npos ? at : start.find('"', at);
    return end == std::string::npos ? "" : start.substr(at, end - at);
}

void readDocument(const fs::path& file, std::istream& in, CatalogueEntry& entry) {
    const std::string schema = schemaOf(in);
    if (schema.empty()) {
        return damaged(file, "it is no result of Millrace", entry);
    }
    if (!core::isReadableSchema(schema)) {
        entry.state = State::Newer;
        entry.problem = fmt::format("{} was written by a newer Millrace (schema {}; this program reads {}).",
                                    file.string(), core::inQuotes(schema), core::kResultSchema);
        return;
    }
    const auto text = objectUpTo(in, "streams", kLongestHead);
    if (!text) {
        return damaged(file, "it ends early", entry);
    }
    try {
        readInto(Json::parse(*text), entry);
        entry.state = State::Readable;
    } catch (const Json::exception&) {
        damaged(file, "its beginning cannot be read", entry);
    }
}

core::ShownTarget targetOf(const std::string& journalHead) {
    const Json head = Json::parse(journalHead, nullptr, false);
    if (!head.is_object() || !head.contains("target")) {
        return {};
    }
    const Json& parts = head["target"];
    const bool whole = parts.is_array() && parts.size() == 3 && std::ranges::all_of(parts, &Json::is_string);
    return whole ? core::ShownTarget{parts[0], parts[1], parts[2]} : core::ShownTarget{};
}

/// The first line is the journal's own; then comes a result document.
void readJournal(const fs::path& file, CatalogueEntry& entry) {
    std::ifstream in(file, std::ios::binary);
    std::string first;
    std::getline(in, first);
    readDocument(file, in, entry);
    if (entry.state != State::Readable) {
        return;
    }
    const bool running = FolderClaim::isHeld(file.parent_path());
    entry.state = running ? State::Running : State::Killed;
    entry.problem = running ? "This run is not over." : "This run was killed before its ledger was closed.";
    if (!running) {
        entry.target = targetOf(first);
    }
}

} // namespace

core::VerdictStatus statusOf(const std::string& name) {
    using enum core::VerdictStatus;
    for (const auto status : {Passed, Failed, Lost, Invalid, Unreachable, Interrupted}) {
        if (core::nameOf(status) == name) {
            return status;
        }
    }
    return Internal;
}

void readHead(const fs::path& run, CatalogueEntry& entry) {
    const fs::path result = run / "result.json";
    std::error_code none;
    if (!fs::exists(result, none)) {
        return readJournal(run / kJournalFile, entry);
    }
    std::ifstream in(result, std::ios::binary);
    if (!in) {
        return damaged(result, "it cannot be opened", entry);
    }
    readDocument(result, in, entry);
}

} // namespace services
