// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/result.h"

#include <cstddef>
#include <string>
#include <string_view>

namespace core {

/// Walks over a rule's text from token to token, white space left out, and says where an error stands.
class RuleCursor {
public:
    explicit RuleCursor(std::string_view text) : m_text(text) { skipSpace(); }

    bool atEnd() const { return m_position == m_text.size(); }
    std::size_t position() const { return m_position; }

    std::string_view word();            ///< letters, digits, '_' and '.'; may be empty
    bool accept(std::string_view sign); ///< true if it stood here
    std::string_view rest();            ///< all that is left
    void skipTo(std::size_t position);  ///< a position of the text, not before this one
    std::string found() const;          ///< what stands here, for a message

    Error expected(const std::string& what) const; ///< an error about what stands here
    Error at(std::size_t position, const std::string& message) const;

    static bool isSpace(char c) { return c == ' ' || c == '\t'; }

private:
    void skipSpace();
    std::string_view finish(std::size_t start); // the token from `start` to here

    std::string_view m_text;
    std::size_t m_position = 0;
};

} // namespace core
