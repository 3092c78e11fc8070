// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/launch/run_folder.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <cctype>
#include <utility>

namespace app {
namespace {

namespace fs = std::filesystem;

core::Error refusal(const fs::path& folder, const std::string& why, core::ErrorKind kind = core::ErrorKind::Invalid) {
    return {kind, fmt::format("The folder {} cannot take this run: {}.", folder.string(), why)};
}

core::Error systemRefusal(const fs::path& folder, const std::error_code& error) {
    const bool full = error == std::errc::no_space_on_device;
    return refusal(folder,
                   full ? "the disk is full; free some space or name another folder with --out" : error.message(),
                   full ? core::ErrorKind::Fatal : core::ErrorKind::Invalid);
}

fs::path topmostMissing(const fs::path& folder) {
    fs::path missing;
    std::error_code none;
    for (fs::path at = folder; !at.empty() && !fs::exists(at, none); at = at.parent_path()) {
        missing = at;
    }
    return missing;
}

} // namespace

fs::path defaultRunFolder(const std::string& scenarioName, std::chrono::system_clock::time_point now) {
    std::string name;
    for (const char c : scenarioName) {
        const bool fits = std::isalnum(static_cast<unsigned char>(c)) != 0 && static_cast<unsigned char>(c) < 0x80;
        if (fits) {
            name += static_cast<char>(std::tolower(c));
        } else if (!name.empty() && name.back() != '-') {
            name += '-';
        }
    }
    constexpr std::size_t kLongest = 60;
    name.resize(std::min(name.size(), kLongest));
    while (name.ends_with('-')) {
        name.pop_back();
    }
    const auto seconds = std::chrono::system_clock::to_time_t(now);
    return fs::path("runs") / fmt::format("{}-{:%Y%m%dT%H%M%SZ}", name.empty() ? "run" : name, fmt::gmtime(seconds));
}

core::Result<RunFolder> RunFolder::create(const fs::path& folder) {
    std::error_code error;
    const fs::path whole = fs::absolute(folder, error).lexically_normal();
    const fs::path path = whole.has_filename() ? whole : whole.parent_path();
    if (fs::exists(path, error) && !fs::is_directory(path, error)) {
        return refusal(folder, "it is a file");
    }
    if (fs::exists(path / "result.json", error)) {
        return refusal(folder, "it holds the result of another run; name a new folder with --out");
    }
    if (fs::exists(path / "run.journal", error)) {
        return refusal(folder, fmt::format("it holds a run that was not finished; 'run --resume-drain {}' closes it",
                                           folder.string()));
    }
    const bool filled = fs::is_directory(path, error) && !fs::is_empty(path, error);
    if (filled) {
        return refusal(folder, "it is not empty; name a new folder with --out");
    }
    const fs::path missing = topmostMissing(path);
    fs::create_directories(path, error);
    if (error) {
        std::error_code none;
        if (!missing.empty()) {
            fs::remove_all(missing, none);
        }
        return systemRefusal(folder, error);
    }
    return RunFolder(path, missing);
}

RunFolder::RunFolder(fs::path path, fs::path madeFrom) : m_path(std::move(path)), m_madeFrom(std::move(madeFrom)) {}

RunFolder::RunFolder(RunFolder&& other) noexcept
    : m_path(std::move(other.m_path)),
      m_madeFrom(std::move(other.m_madeFrom)),
      m_kept(std::exchange(other.m_kept, true)) {}

RunFolder::~RunFolder() {
    if (m_kept) {
        return;
    }
    std::error_code none;
    // The folder was empty or missing, so all that is in it is this attempt's.
    for (const auto& entry : fs::directory_iterator(m_path, none)) {
        fs::remove_all(entry.path(), none);
    }
    // Folders above may have come into use by others meanwhile: only empty ones go.
    for (fs::path at = m_path; !m_madeFrom.empty() && fs::remove(at, none) && at != m_madeFrom; at = at.parent_path())
        ;
}

} // namespace app
