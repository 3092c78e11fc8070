// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/http/event_reader.h"

#include <charconv>
#include <utility>

namespace services::http {

EventReader::Outcome EventReader::read(std::string_view bytes, const Each& each) {
    while (!bytes.empty()) {
        if (std::exchange(m_afterReturn, false) && bytes.front() == '\n') {
            bytes.remove_prefix(1);
            continue;
        }
        const std::size_t end = bytes.find_first_of("\r\n");
        const std::string_view piece = bytes.substr(0, end);
        if (m_line.size() + m_data.size() + piece.size() > m_most) {
            return Outcome::TooLong;
        }
        m_line += piece;
        if (end == std::string_view::npos) {
            break;
        }
        m_afterReturn = bytes[end] == '\r';
        bytes.remove_prefix(end + 1);
        if (!endLine(each)) {
            return Outcome::Ended;
        }
    }
    return Outcome::Hungry;
}

bool EventReader::endLine(const Each& each) {
    constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";
    std::string_view line = m_line;
    if (std::exchange(m_first, false) && line.starts_with(kByteOrderMark)) {
        line.remove_prefix(kByteOrderMark.size());
    }
    if (line.empty()) {
        m_line.clear();
        const std::string data = std::exchange(m_data, {});
        return !std::exchange(m_hasData, false) || each(m_id, data);
    }
    const std::size_t colon = line.find(':');
    std::string_view value = colon == std::string_view::npos ? std::string_view() : line.substr(colon + 1);
    if (value.starts_with(' ')) {
        value.remove_prefix(1);
    }
    readField(line.substr(0, colon), value); // a comment has no name
    m_line.clear();
    return true;
}

void EventReader::readField(std::string_view name, std::string_view value) {
    if (name == "data") {
        m_data += m_hasData ? "\n" : "";
        m_data += value;
        m_hasData = true;
    } else if (name == "id") {
        std::uint64_t id = 0;
        const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), id);
        if (error == std::errc() && end == value.data() + value.size()) {
            m_id = id;
        }
    }
}

} // namespace services::http
