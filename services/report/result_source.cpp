#include "services/report/result_source.h"

#include "services/report/whole_file.h"

#include <fmt/format.h>

namespace services {

namespace fs = std::filesystem;

fs::path resultFileOf(const fs::path& fileOrFolder) {
    std::error_code none;
    return fs::is_directory(fileOrFolder, none) ? fileOrFolder / "result.json" : fileOrFolder;
}

core::Result<core::RunResult> readResult(const fs::path& fileOrFolder) {
    const fs::path file = resultFileOf(fileOrFolder);
    std::error_code none;
    if (!fs::exists(file, none) && fs::exists(file.parent_path() / "run.journal", none))
        return core::invalid(fmt::format("{} holds the journal of a run that was killed, and no result. 'run "
                                         "--resume-drain' closes it where it ran on real servers.",
                                         file.parent_path().string()));
    if (!fs::exists(file, none))
        return core::invalid(fmt::format("There is no result: {} does not exist.", file.string()));
    const auto text = readWholeFile(file);
    if (!text)
        return text.error();
    return core::resultFromJson(*text, file.string());
}

} // namespace services
