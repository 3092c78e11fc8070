// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/verdict/rule_cursor.h"

#include "core/text/wording.h"

#include <fmt/format.h>

#include <algorithm>

namespace core {

namespace {

bool isWordCharacter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '.';
}

} // namespace

std::string_view RuleCursor::word() {
    const auto start = m_position;
    while (!atEnd() && isWordCharacter(m_text[m_position])) {
        ++m_position;
    }
    return finish(start);
}

bool RuleCursor::accept(std::string_view sign) {
    if (m_text.substr(m_position, sign.size()) != sign) {
        return false;
    }
    m_position += sign.size();
    skipSpace();
    return true;
}

std::string_view RuleCursor::rest() {
    const auto start = m_position;
    m_position = m_text.size();
    return finish(start);
}

void RuleCursor::skipTo(std::size_t position) {
    m_position = std::min(position, m_text.size());
    skipSpace();
}

std::string RuleCursor::found() const {
    return atEnd() ? "the end" : inQuotes(m_text.substr(m_position));
}

Error RuleCursor::expected(const std::string& what) const {
    return at(m_position, fmt::format("expected {}, found {}", what, found()));
}

Error RuleCursor::at(std::size_t position, const std::string& message) const {
    // Columns count characters, not the bytes of µ.
    const auto column = std::ranges::count_if(m_text.substr(0, position),
                                              [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; });
    return invalid(fmt::format("column {}: {}", column + 1, message));
}

void RuleCursor::skipSpace() {
    while (!atEnd() && isSpace(m_text[m_position])) {
        ++m_position;
    }
}

std::string_view RuleCursor::finish(std::size_t start) {
    const auto token = m_text.substr(start, m_position - start);
    skipSpace();
    return token;
}

} // namespace core
