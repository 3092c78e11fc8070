// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/archive/result_folder.h"

#include "services/archive/whole_file.h"

#include <fmt/format.h>

#include <cerrno>
#include <cstdio>

namespace services {
namespace {

namespace fs = std::filesystem;

fs::path temporaryOf(const fs::path& file) {
    return fs::path(file.string() + ".part");
}

} // namespace

core::Status writeWhole(const fs::path& folder, const std::vector<std::pair<std::string, std::string>>& files) {
    int error = 0;
    std::string failed;
    for (const auto& [name, text] : files) {
        error = writeAndSync(temporaryOf(folder / name), text);
        failed = name;
        if (error != 0) {
            break;
        }
    }
    // All texts are on the disk before the first name appears, so what can still fail is next to nothing.
    for (std::size_t i = 0; error == 0 && i < files.size(); ++i) {
        const fs::path file = folder / files[i].first;
        failed = files[i].first;
        error = std::rename(temporaryOf(file).c_str(), file.c_str()) == 0 ? 0 : errno;
    }
    if (error == 0) {
        return {};
    }
    for (const auto& file : files) {
        std::error_code none;
        fs::remove(temporaryOf(folder / file.first), none);
        fs::remove(folder / file.first, none);
    }
    return core::fatal(
        fmt::format("The result could not be written: {}: {}.", (folder / failed).string(), adviceOn(error)));
}

core::Status writeResult(const core::RunResult& result, const fs::path& folder) {
    std::vector<std::pair<std::string, std::string>> files;
    for (const core::Metric metric : core::kMetrics) {
        files.emplace_back(std::string(core::nameOf(metric)) + ".hgrm", of(result.latency, metric).hgrm());
    }
    files.emplace_back("samples.csv", core::toCsv(result.samples));
    files.emplace_back("result.json", core::toJson(result, false));
    core::Status written = writeWhole(folder, files);
    if (written && result.verdict.exit != core::ExitCode::Internal) { // else the journal may still close the ledger
        std::error_code none;
        fs::remove(folder / kJournalFile, none);
    }
    return written;
}

} // namespace services
