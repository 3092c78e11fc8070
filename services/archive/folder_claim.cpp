// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/archive/folder_claim.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <thread>
#include <utility>

namespace services {
namespace {

using namespace std::chrono_literals;

constexpr int kTries = 20; // isHeld() of another process holds the lock for an instant

int openFolder(const std::filesystem::path& folder) {
    return open(folder.empty() ? "." : folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
}

bool isRefused(int descriptor, int operation) {
    return descriptor >= 0 && flock(descriptor, operation | LOCK_NB) != 0 && errno == EWOULDBLOCK;
}

} // namespace

core::Result<FolderClaim> FolderClaim::acquire(const std::filesystem::path& folder) {
    FolderClaim claim(openFolder(folder));
    for (int tries = 0; isRefused(claim.m_descriptor, LOCK_EX); ++tries) {
        if (tries == kTries) {
            return core::invalid(fmt::format("{}: another Millrace is at work on this run.", folder.string()));
        }
        std::this_thread::sleep_for(10ms);
    }
    return claim;
}

bool FolderClaim::isHeld(const std::filesystem::path& folder) {
    const FolderClaim look(openFolder(folder));
    return isRefused(look.m_descriptor, LOCK_SH);
}

FolderClaim::FolderClaim(FolderClaim&& other) noexcept : m_descriptor(std::exchange(other.m_descriptor, -1)) {}

FolderClaim& FolderClaim::operator=(FolderClaim&& other) noexcept {
    std::swap(m_descriptor, other.m_descriptor);
    return *this;
}

FolderClaim::~FolderClaim() {
    if (m_descriptor >= 0) {
        close(m_descriptor);
    }
}

} // namespace services
