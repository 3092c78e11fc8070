// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/result.h"

#include <filesystem>

namespace services {

/// Says to other processes, and to the rest of this one, that somebody is at work on a run's folder. It ends with its
/// holder, also when the process is killed, so a journal that nobody claims is one of a killed run. Where the file
/// system keeps no locks, everybody gets the claim.
class FolderClaim {
public:
    /// Invalid: somebody else holds it.
    static core::Result<FolderClaim> acquire(const std::filesystem::path& folder);
    static bool isHeld(const std::filesystem::path& folder);

    FolderClaim(FolderClaim&& other) noexcept;
    FolderClaim& operator=(FolderClaim&& other) noexcept;
    ~FolderClaim();

private:
    explicit FolderClaim(int descriptor) : m_descriptor(descriptor) {}

    int m_descriptor; // of the folder, which carries the lock; -1: none
};

} // namespace services
