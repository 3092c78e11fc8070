// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/archive/result_catalogue.h"

#include "services/archive/folder_claim.h"
#include "services/archive/result_folder.h"
#include "services/archive/result_head.h"
#include "services/archive/run_notes.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace services {
namespace {

namespace fs = std::filesystem;

bool holdsARun(const fs::path& folder) {
    std::error_code none;
    return fs::exists(folder / "result.json", none) || fs::exists(folder / kJournalFile, none);
}

std::uint64_t bytesIn(const fs::path& folder) {
    std::uint64_t bytes = 0;
    std::error_code failure;
    for (fs::recursive_directory_iterator at(folder, failure), end; !failure && at != end; at.increment(failure)) {
        std::error_code none;
        if (at->is_regular_file(none)) {
            bytes += at->file_size(none);
        }
    }
    return bytes;
}

/// What a run or its exports leave in its folder.
bool isOurs(const fs::directory_entry& entry) {
    constexpr std::array<std::string_view, 11> kFiles{
        "result.json", "samples.csv",       "run.journal",       "run.journal.new", "tags.json", "report.html",
        "report.pdf",  "events.sqlite-wal", "events.sqlite-shm", "events.sqlite",   "junit.xml"};
    constexpr std::array<std::string_view, 4> kFolders{"svg", "png", "csv", "hgrm"};
    const std::string name = entry.path().filename().string();
    if (entry.is_symlink()) {
        return false;
    }
    if (entry.is_directory()) {
        return std::ranges::find(kFolders, name) != kFolders.end();
    }
    return std::ranges::find(kFiles, name) != kFiles.end() || name.ends_with(".hgrm") || name.ends_with(".part");
}

/// Why the folder is none that a run left; empty: it is one.
std::string strangenessOf(const fs::path& run) {
    std::error_code failure;
    if (fs::is_symlink(run, failure) || !fs::is_directory(run, failure)) {
        return "it is no folder";
    }
    if (!holdsARun(run)) {
        return "it holds neither a result nor a journal";
    }
    if (FolderClaim::isHeld(run)) {
        return "its run is not over";
    }
    for (const fs::directory_entry& entry : fs::directory_iterator(run, failure)) {
        if (!isOurs(entry)) {
            return fmt::format("it holds {}, which no run leaves", entry.path().filename().string());
        }
    }
    return failure ? failure.message() : "";
}

} // namespace

std::vector<CatalogueEntry> listRuns(const fs::path& results, const std::function<bool()>& stopped) {
    std::vector<CatalogueEntry> entries;
    const auto baselines = readBaselines(results);
    std::error_code failure;
    for (fs::directory_iterator at(results, failure), end; !failure && at != end; at.increment(failure)) {
        if (stopped && stopped()) {
            return entries;
        }
        std::error_code none;
        if (!at->is_directory(none) || !holdsARun(at->path())) {
            continue;
        }
        CatalogueEntry& entry = entries.emplace_back();
        entry.folder = at->path();
        readHead(entry.folder, entry);
        entry.bytes = bytesIn(entry.folder);
        entry.tags = readTags(entry.folder);
        const auto baseline = baselines.find(entry.name);
        entry.baseline = baseline != baselines.end() && baseline->second == entry.folder.filename().string();
    }
    std::sort(entries.begin(), entries.end(), [](const CatalogueEntry& a, const CatalogueEntry& b) {
        return a.started != b.started ? a.started > b.started : a.folder < b.folder;
    });
    return entries;
}

core::Status removeRun(const fs::path& run) {
    if (const std::string strange = strangenessOf(run); !strange.empty()) {
        return core::invalid(fmt::format("{} was not deleted: {}.", run.string(), strange));
    }
    std::error_code failure;
    fs::remove_all(run, failure);
    if (failure) {
        return core::fatal(fmt::format("{} could not be deleted: {}.", run.string(), failure.message()));
    }
    return {};
}

} // namespace services
