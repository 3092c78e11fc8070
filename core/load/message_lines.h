// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/result.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace core {

/// The lines of a log file that become messages, read by the caller. gzip is unpacked, UTF-16 with a byte order mark is
/// converted, UTF-8's mark is dropped. A line ends at LF, CR or both; empty ones are skipped, bytes that are no text
/// and NUL are replaced by U+FFFD, and a line of over 64 KiB is cut at a character's end: all of it counted.
class MessageLines {
public:
    /// Invalid: no line, other compressions and encodings, a damaged file.
    static Result<MessageLines> create(std::string content, const std::string& fileName);
    std::string_view line(std::uint64_t n) const; ///< round and round
    std::size_t count() const;

    /// How the file had to be read: "gzip, UTF-16 (little-endian)"; empty: as it is.
    const std::string& conversion() const { return m_conversion; }
    /// What is not sent as it stands in the file: "3 empty lines are left out; 312 lines hold bytes that are no text
    /// (line 17 is the first), each replaced by U+FFFD"; empty: nothing.
    const std::string& changes() const { return m_changes; }
    /// Part of the changes is a loss, not only an empty line.
    bool isDamaged() const { return m_isDamaged; }

private:
    struct Tally;
    void add(std::string_view line, std::uint64_t number, Tally& tally);

    std::string m_content;
    std::vector<std::pair<std::uint32_t, std::uint32_t>> m_lines; // position, length
    std::string m_conversion, m_changes;
    bool m_isDamaged = false;
};

} // namespace core
