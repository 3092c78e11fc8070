// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/load/event_generator.h"
#include "core/text/utf8.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

namespace core {

namespace {

constexpr std::size_t kMaxLine = 64 * 1024;

} // namespace

Result<MessageLines> MessageLines::create(std::string content, const std::string& fileName) {
    MessageLines lines;
    lines.m_content = repairedText(std::move(content));
    const std::string_view all = lines.m_content;
    if (all.size() > std::numeric_limits<std::uint32_t>::max()) {
        return invalid(fmt::format("The file {} is over 4 GiB: take a part of it for messages.", fileName));
    }
    for (std::size_t from = 0; from < all.size();) {
        const std::size_t until = std::min(all.find('\n', from), all.size());
        std::string_view line = all.substr(from, until - from);
        if (line.ends_with('\r')) {
            line.remove_suffix(1);
        }
        line = cutAtCharacter(line, kMaxLine);
        if (!line.empty()) {
            lines.m_lines.emplace_back(static_cast<std::uint32_t>(from), static_cast<std::uint32_t>(line.size()));
        }
        from = until + 1;
    }
    if (lines.m_lines.empty()) {
        return invalid(fmt::format("The file {} holds no line that could become a message.", fileName));
    }
    return lines;
}

std::string_view MessageLines::line(std::uint64_t n) const {
    const auto [from, length] = m_lines[n % m_lines.size()];
    return std::string_view(m_content).substr(from, length);
}

std::size_t MessageLines::count() const {
    return m_lines.size();
}

} // namespace core
