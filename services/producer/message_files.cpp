// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/producer/message_files.h"

#include "core/text/count_text.h"

#include <fmt/format.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>

namespace services {

namespace {

namespace fs = std::filesystem;

constexpr std::uintmax_t kLargest = 256ULL << 20U;

const char* kindOf(fs::file_type type) {
    switch (type) {
    case fs::file_type::directory:
        return "a folder";
    case fs::file_type::fifo:
        return "a pipe";
    case fs::file_type::socket:
        return "a socket";
    default:
        return "a device";
    }
}

} // namespace

core::Status checkMessageFile(const std::string& path) {
    std::error_code failure;
    const fs::file_status status = fs::status(path, failure);
    if (!fs::exists(status)) {
        return core::invalid(failure ? failure.message() : std::strerror(ENOENT));
    }
    if (!fs::is_regular_file(status)) {
        return core::invalid(fmt::format("it is {}; name a file", kindOf(status.type())));
    }
    const std::uintmax_t size = fs::file_size(path, failure);
    if (size > kLargest) {
        return core::invalid(
            fmt::format("it has {} MiB, and at most {} MiB can be used; cut it", size >> 20U, kLargest >> 20U));
    }
    if (size == 0) {
        return core::invalid("it is empty");
    }
    errno = 0;
    const std::ifstream opened(path);
    return opened.is_open() ? core::Status() : core::Status(core::invalid(std::strerror(errno)));
}

core::Result<MessageFiles> readMessageFiles(const core::Scenario& scenario) {
    MessageFiles files;
    for (const core::Stream& stream : scenario.streams) {
        const std::string& path = stream.event.messageFile;
        if (path.empty() || files.contains(path)) {
            continue;
        }
        if (const core::Status readable = checkMessageFile(path); !readable) {
            return core::invalid(fmt::format("Stream '{}': the message file {} could not be read: {}.", stream.name,
                                             path, readable.error().message));
        }
        std::ifstream in(path, std::ios::binary);
        std::string content((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
        auto lines = core::MessageLines::create(std::move(content), path);
        if (!lines) {
            return core::invalid(fmt::format("Stream '{}': {}", stream.name, lines.error().message));
        }
        files.emplace(path, std::move(*lines));
    }
    return files;
}

std::string describe(const core::MessageLines& lines) {
    std::string text = core::counted(lines.count(), "line");
    for (const std::string& part :
         {lines.conversion().empty() ? "" : "read as " + lines.conversion(), lines.changes()}) {
        text += part.empty() ? "" : "; " + part;
    }
    return text;
}

std::vector<core::Mark> marksOf(const MessageFiles& files) {
    std::vector<core::Mark> marks;
    for (const auto& [path, lines] : files) {
        if (!lines.conversion().empty() || !lines.changes().empty()) {
            marks.push_back({.kind = lines.isDamaged() ? core::MarkKind::Warning : core::MarkKind::Message,
                             .detail = fmt::format("The message file {}: {}.", path, describe(lines))});
        }
    }
    return marks;
}

} // namespace services
