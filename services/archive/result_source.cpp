// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/archive/result_source.h"

#include "services/archive/folder_claim.h"
#include "services/archive/result_folder.h"
#include "services/archive/whole_file.h"

#include <fmt/format.h>

#include <algorithm>

namespace services {

namespace fs = std::filesystem;

namespace {

/// The document that begins after so many lines.
core::Result<core::RunResult> resultIn(const fs::path& file, int linesBefore) {
    auto text = readWholeFile(file);
    if (!text) {
        return text.error();
    }
    for (int line = 0; line < linesBefore; ++line) {
        text->erase(0, std::min(text->find('\n'), text->size() - 1) + 1);
    }
    return core::resultFromJson(*text, file.string());
}

} // namespace

fs::path resultFileOf(const fs::path& fileOrFolder) {
    std::error_code none;
    return fs::is_directory(fileOrFolder, none) ? fileOrFolder / "result.json" : fileOrFolder;
}

core::Result<core::RunResult> readResult(const fs::path& fileOrFolder) {
    const fs::path file = resultFileOf(fileOrFolder);
    const fs::path journal = file.parent_path() / kJournalFile;
    std::error_code none;
    if (fs::exists(file, none)) {
        return resultIn(file, 0);
    }
    if (!fs::exists(journal, none)) {
        return core::invalid(fmt::format("There is no result: {} does not exist.", file.string()));
    }
    if (FolderClaim::isHeld(file.parent_path())) {
        return core::invalid(fmt::format("{} is still running.", file.parent_path().string()));
    }
    return resultIn(journal, 1);
}

} // namespace services
