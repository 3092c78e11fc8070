// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

namespace services::http {

/// The events of a text/event-stream, read from pieces of any length. Ids are numbers, as EventFeed writes them: others
/// are ignored, and so are comments and the names of events. An event that the stream does not complete is none.
/// Source: HTML Living Standard, section 9.2.6.
class EventReader {
public:
    /// An event of more bytes ends the reading.
    explicit EventReader(std::size_t mostBytes) : m_most(mostBytes) {}

    enum class Outcome {
        Hungry,  ///< all is read
        Ended,   ///< `each` wanted no more
        TooLong, ///< an event, or a comment
    };
    /// Lines of data are joined by '\n'; an event without an id has that of the one before it, the first one 0.
    using Each = std::function<bool(std::uint64_t id, std::string_view data)>;

    /// To be called no more once it has answered anything but Hungry.
    Outcome read(std::string_view bytes, const Each& each);

private:
    bool endLine(const Each& each); ///< whether more is wanted
    void readField(std::string_view name, std::string_view value);

    const std::size_t m_most;
    std::string m_line;
    bool m_first = true;        // line of the stream, which may begin with a byte order mark
    bool m_afterReturn = false; // a '\n' belongs to the '\r' before it
    std::uint64_t m_id = 0;
    bool m_hasData = false;
    std::string m_data;
};

} // namespace services::http
