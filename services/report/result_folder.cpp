#include "services/report/result_folder.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace services {
namespace {

namespace fs = std::filesystem;

/// Answers errno's value; 0 if all went well.
int writeAll(int descriptor, std::string_view text) {
    while (!text.empty()) {
        const ssize_t written = write(descriptor, text.data(), text.size());
        if (written < 0 && errno == EINTR)
            continue;
        if (written < 0)
            return errno;
        text.remove_prefix(static_cast<std::size_t>(written));
    }
    return fsync(descriptor) == 0 ? 0 : errno;
}

int writeTemporary(const fs::path& file, std::string_view text) {
    const int descriptor = open(file.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
    if (descriptor < 0)
        return errno;
    const int error = writeAll(descriptor, text);
    // Some file systems report a full disk only now.
    const int closed = close(descriptor) == 0 ? 0 : errno;
    return error != 0 ? error : closed;
}

std::string advice(int error) {
    if (error == ENOSPC || error == EDQUOT)
        return "the disk is full; free some space or name another folder with --out";
    if (error == EACCES || error == EPERM || error == EROFS)
        return fmt::format("{}; name a folder that you may write to with --out", std::strerror(error));
    return std::strerror(error);
}

fs::path temporaryOf(const fs::path& file) {
    return fs::path(file.string() + ".part");
}

} // namespace

core::Status writeWhole(const fs::path& folder, const std::vector<std::pair<std::string, std::string>>& files) {
    int error = 0;
    std::string failed;
    for (const auto& [name, text] : files) {
        error = writeTemporary(temporaryOf(folder / name), text);
        failed = name;
        if (error != 0)
            break;
    }
    // All texts are on the disk before the first name appears, so what can still fail is next to nothing.
    for (std::size_t i = 0; error == 0 && i < files.size(); ++i) {
        const fs::path file = folder / files[i].first;
        failed = files[i].first;
        error = std::rename(temporaryOf(file).c_str(), file.c_str()) == 0 ? 0 : errno;
    }
    if (error == 0)
        return {};
    for (const auto& file : files) {
        std::error_code none;
        fs::remove(temporaryOf(folder / file.first), none);
        fs::remove(folder / file.first, none);
    }
    return core::fatal(
        fmt::format("The result could not be written: {}: {}.", (folder / failed).string(), advice(error)));
}

core::Status writeResult(const core::RunResult& result, const fs::path& folder) {
    std::vector<std::pair<std::string, std::string>> files;
    for (const core::Metric metric : core::kMetrics)
        files.emplace_back(std::string(core::nameOf(metric)) + ".hgrm", of(result.latency, metric).hgrm());
    files.emplace_back("samples.csv", core::toCsv(result.samples));
    files.emplace_back("result.json", core::toJson(result, false));
    core::Status written = writeWhole(folder, files);
    if (written && result.verdict.exit != core::ExitCode::Internal) { // else the journal may still close the ledger
        std::error_code none;
        fs::remove(folder / "run.journal", none);
    }
    return written;
}

} // namespace services
