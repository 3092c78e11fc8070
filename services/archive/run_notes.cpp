// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/archive/run_notes.h"

#include "services/archive/result_catalogue.h"
#include "services/archive/whole_file.h"

#include <nlohmann/json.hpp>

#include <algorithm>

namespace services {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;

constexpr const char* kTags = "tags.json";
constexpr const char* kBaselines = "baselines.json";

/// The member of that name; null if the file is missing or damaged.
Json memberOf(const fs::path& file, const char* member) {
    const auto text = readWholeFile(file);
    const Json json = text ? Json::parse(*text, nullptr, false) : Json();
    return json.is_object() ? json.value(member, Json()) : Json();
}

core::Status write(const fs::path& file, const Json& json) {
    return writeWholeFile(file, json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n");
}

} // namespace

std::vector<std::string> readTags(const fs::path& run) {
    std::vector<std::string> tags;
    for (const Json& tag : memberOf(run / kTags, "tags")) {
        if (tag.is_string()) {
            tags.push_back(tag.get<std::string>());
        }
    }
    return tags;
}

std::map<std::string, std::string> readBaselines(const fs::path& results) {
    std::map<std::string, std::string> baselines;
    const Json all = memberOf(results / kBaselines, "baselines");
    if (all.is_object()) {
        for (const auto& [name, folder] : all.items()) {
            if (folder.is_string()) {
                baselines[name] = folder.get<std::string>();
            }
        }
    }
    return baselines;
}

core::Status setTags(const fs::path& run, const std::vector<std::string>& tags) {
    std::vector<std::string> sorted = tags;
    std::sort(sorted.begin(), sorted.end());
    sorted.erase(std::unique(sorted.begin(), sorted.end()), sorted.end());
    return write(run / kTags, {{"tags", sorted}});
}

core::Status setBaseline(const fs::path& results, const std::string& name, const std::optional<fs::path>& run) {
    auto baselines = readBaselines(results);
    if (run) {
        baselines[name] = run->filename().string();
    } else {
        baselines.erase(name);
    }
    return write(results / kBaselines, {{"baselines", baselines}});
}

} // namespace services
