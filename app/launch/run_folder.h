// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/result.h"

#include <chrono>
#include <filesystem>
#include <string>

namespace app {

/// runs/<name>-<UTC time>, with a name that any file system takes: runs/baseline-with-a-burst-20260102T030405Z.
std::filesystem::path defaultRunFolder(const std::string& scenarioName, std::chrono::system_clock::time_point now);

/// The folder of a run that is about to start. Until keep() it is an attempt: what was created goes away again.
class RunFolder {
public:
    /// Creates the folder, or takes an empty one. Invalid: it holds something; Fatal: this machine refuses.
    static core::Result<RunFolder> create(const std::filesystem::path& folder);
    ~RunFolder();
    RunFolder(RunFolder&& other) noexcept;
    RunFolder& operator=(RunFolder&&) = delete;

    const std::filesystem::path& path() const { return m_path; }
    void keep() { m_kept = true; }

private:
    RunFolder(std::filesystem::path path, std::filesystem::path madeFrom);

    std::filesystem::path m_path;
    std::filesystem::path m_madeFrom; // the topmost folder that did not exist before; empty: all did
    bool m_kept = false;
};

} // namespace app
