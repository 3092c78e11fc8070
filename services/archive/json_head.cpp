// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/archive/json_head.h"

#include <array>

namespace services {
namespace {

/// Follows a JSON text byte by byte, far enough to know the keys of the outermost object.
class KeyFinder {
public:
    explicit KeyFinder(std::string_view key) : m_key(key) {}

    /// True when the byte ends the wanted key. `position` counts the bytes so far.
    bool feed(char c, std::size_t position) {
        if (m_inString) {
            return feedString(c);
        }
        if (c == '"') {
            m_inString = true;
            m_text.clear();
        } else if (c == '{' || c == '[') {
            m_keyIsNext = ++m_depth == 1;
        } else if (c == '}' || c == ']') {
            --m_depth;
        } else if (c == ',' && m_depth == 1) {
            m_keyIsNext = true;
            m_endOfPrevious = position;
        }
        return false;
    }
    /// Where the member before the key ends: its comma.
    std::size_t endOfPrevious() const { return m_endOfPrevious; }

private:
    bool feedString(char c) {
        if (m_escaped) {
            m_escaped = false;
        } else if (c == '\\') {
            m_escaped = true;
        } else if (c == '"') {
            m_inString = false;
            const bool wasKey = m_depth == 1 && m_keyIsNext;
            m_keyIsNext = m_keyIsNext && !wasKey;
            return wasKey && m_text == m_key;
        }
        if (m_text.size() <= m_key.size()) {
            m_text += c;
        }
        return false;
    }

    std::string_view m_key;
    std::string m_text; // of the string at hand, no longer than needed to compare
    std::size_t m_endOfPrevious = 0;
    int m_depth = 0;
    bool m_inString = false, m_escaped = false, m_keyIsNext = false;
};

} // namespace

std::optional<std::string> objectUpTo(std::istream& in, std::string_view key, std::size_t most) {
    KeyFinder finder(key);
    std::string text;
    std::array<char, 16'384> block{};
    while (text.size() < most) {
        in.read(block.data(), block.size());
        const std::size_t got = static_cast<std::size_t>(in.gcount());
        if (got == 0) {
            return std::nullopt;
        }
        const std::size_t begin = text.size();
        text.append(block.data(), got);
        for (std::size_t i = begin; i < text.size(); ++i) {
            if (finder.feed(text[i], i)) {
                return text.substr(0, finder.endOfPrevious()) + "}";
            }
        }
    }
    return std::nullopt;
}

} // namespace services
