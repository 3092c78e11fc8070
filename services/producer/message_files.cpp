// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/producer/message_files.h"

#include <fmt/format.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>

namespace services {

core::Result<MessageFiles> readMessageFiles(const core::Scenario& scenario) {
    constexpr std::uintmax_t kLargest = 256ULL << 20U;
    MessageFiles files;
    for (const core::Stream& stream : scenario.streams) {
        const std::string& path = stream.event.messageFile;
        if (path.empty() || files.contains(path)) {
            continue;
        }
        std::error_code failure;
        const std::uintmax_t size = std::filesystem::file_size(path, failure);
        if (!failure && size > kLargest) {
            return core::invalid(fmt::format("Stream '{}': the message file {} has {} MiB; at most {} MiB can be "
                                             "used. Cut it.",
                                             stream.name, path, size >> 20U, kLargest >> 20U));
        }
        std::ifstream in(path, std::ios::binary);
        if (!in || failure) {
            return core::invalid(fmt::format("Stream '{}': the message file {} could not be read: {}", stream.name,
                                             path, failure ? failure.message() : std::strerror(errno)));
        }
        std::string content((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
        auto lines = core::MessageLines::create(std::move(content), path);
        if (!lines) {
            return lines.error();
        }
        files.emplace(path, std::move(*lines));
    }
    return files;
}

} // namespace services
