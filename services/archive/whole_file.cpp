// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/archive/whole_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fstream>

namespace services {
namespace {

namespace fs = std::filesystem;

/// Answers errno's value; 0 if all went well.
int writeAll(int descriptor, std::string_view text) {
    while (!text.empty()) {
        const ssize_t written = ::write(descriptor, text.data(), text.size());
        if (written < 0 && errno == EINTR) {
            continue;
        }
        if (written < 0) {
            return errno;
        }
        text.remove_prefix(static_cast<std::size_t>(written));
    }
    const bool kept = fsync(descriptor) == 0 || errno == EINVAL || errno == EROFS; // pipes and devices keep nothing
    return kept ? 0 : errno;
}

/// A device, a pipe: what is written there must not replace it.
bool isPlace(const fs::path& file) {
    std::error_code failure;
    const fs::file_status status = fs::status(file, failure);
    return fs::exists(status) && !fs::is_regular_file(status) && !fs::is_directory(status);
}

} // namespace

int writeAndSync(const fs::path& file, std::string_view text) {
    const int descriptor = open(file.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
    if (descriptor < 0) {
        return errno;
    }
    const int error = writeAll(descriptor, text);
    // Some file systems report a full disk only now.
    const int closed = close(descriptor) == 0 ? 0 : errno;
    return error != 0 ? error : closed;
}

std::string adviceOn(int error) {
    if (error == ENOSPC || error == EDQUOT) {
        return "the disk is full; free some space or choose another folder";
    }
    if (error == EACCES || error == EPERM || error == EROFS) {
        return fmt::format("{}; choose a folder that you may write to", std::strerror(error));
    }
    return std::strerror(error);
}

core::Status writeWholeFile(const fs::path& file, std::string_view text) {
    const bool direct = isPlace(file);
    const fs::path temporary = direct ? file : fs::path(file.string() + ".part");
    int error = writeAndSync(temporary, text);
    if (direct && error != 0) {
        return core::fatal(fmt::format("{} could not be written: {}.", file.string(), adviceOn(error)));
    }
    if (!direct && error == 0 && std::rename(temporary.c_str(), file.c_str()) != 0) {
        error = errno;
    }
    if (error == 0) {
        return {};
    }
    std::error_code none;
    fs::remove(temporary, none);
    return core::fatal(fmt::format("{} could not be written: {}.", file.string(), adviceOn(error)));
}

core::Result<std::string> readWholeFile(const fs::path& file) {
    std::error_code failure;
    if (fs::is_directory(file, failure)) {
        return core::invalid(fmt::format("{} cannot be read: it is a folder.", file.string()));
    }
    std::ifstream in(file, std::ios::binary);
    std::string text;
    if (const auto size = fs::file_size(file, failure); !failure) {
        text.resize(size);
    }
    in.read(text.data(), static_cast<std::streamsize>(text.size()));
    if (!in) {
        return core::invalid(fmt::format("{} cannot be read: {}.", file.string(),
                                         failure ? failure.message() : std::strerror(errno != 0 ? errno : EIO)));
    }
    return text;
}

} // namespace services
