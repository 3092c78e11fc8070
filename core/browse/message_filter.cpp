// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/browse/message_filter.h"

#include "core/text/ascii_case.h"
#include "core/text/wording.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>
#include <ranges>
#include <utility>

namespace core {

namespace {

using Part = MessageCondition::Part;
using Compare = MessageCondition::Compare;

constexpr auto kParts = std::to_array<std::pair<std::string_view, Part>>(
    {{"key", Part::Key}, {"header", Part::Header}, {"json", Part::Json}, {"text", Part::Text}});
constexpr std::string_view kSigns = "=!<>";

/// A word, a quoted text, a sign or a point of a filter.
struct FilterToken {
    enum class Kind : std::uint8_t { End, Word, Quoted, Sign };
    Kind kind = Kind::End;
    std::string text; // of what is quoted what it says
    std::size_t at = 0;
};

/// Cuts a filter into its tokens, and reads its conditions from them.
class FilterReader {
public:
    explicit FilterReader(std::string_view text) : m_text(text) {}

    Result<std::vector<MessageCondition>> read() {
        std::vector<MessageCondition> conditions;
        if (const Status begun = next(); !begun) {
            return begun.error();
        }
        while (m_token.kind != FilterToken::Kind::End) {
            if (!conditions.empty()) {
                if (!isWord("and")) {
                    return expected("'and' or the end", "Put quotes around a value of several words.");
                }
                if (const Status after = next(); !after) {
                    return after.error();
                }
            }
            auto condition = readCondition();
            if (!condition) {
                return condition.error();
            }
            if (conditions.size() == MessageFilter::kMostConditions) {
                return at(m_token.at, "a filter has at most 16 conditions");
            }
            conditions.push_back(std::move(*condition));
        }
        return conditions;
    }

private:
    Result<MessageCondition> readCondition() {
        MessageCondition condition;
        const auto* const part = std::ranges::find_if(kParts, [this](const auto& each) { return isWord(each.first); });
        if (part == kParts.end()) {
            return expected("key, header, json or text",
                            "To look for words anywhere in a message, write: text contains \"…\"");
        }
        condition.part = part->second;
        Status status = next();
        if (status && condition.part == Part::Header) {
            status = readName(condition, "the name of a header");
        } else if (status && condition.part == Part::Json) {
            status = readPath(condition);
        }
        if (status) {
            status = readCompare(condition);
        }
        if (status) {
            status = readValue(condition);
        }
        return status ? Result<MessageCondition>(std::move(condition)) : status.error();
    }

    bool isWord(std::string_view word) const {
        return m_token.kind == FilterToken::Kind::Word && equalsInAnyCase(m_token.text, word);
    }
    bool isName() const { return m_token.kind == FilterToken::Kind::Word || m_token.kind == FilterToken::Kind::Quoted; }

    Status readName(MessageCondition& condition, const char* what) {
        if (!isName()) {
            return expected(what);
        }
        condition.path.push_back(std::move(m_token.text));
        return next();
    }

    /// A quoted name is one; a word holds as many as its points part.
    Status readPath(MessageCondition& condition) {
        constexpr const char* kWhat = "the path of a field, as user.name";
        for (bool goesOn = true; goesOn;) {
            if (!isName()) {
                return expected(kWhat);
            }
            const char following = m_position < m_text.size() ? m_text[m_position] : '\0';
            if (m_token.kind == FilterToken::Kind::Quoted) {
                condition.path.push_back(m_token.text);
                goesOn = following == '.';
                m_position += goesOn ? 1 : 0;
            } else {
                goesOn = following == '"' && m_token.text.ends_with('.');
                std::string_view names = m_token.text;
                names.remove_suffix(goesOn ? 1 : 0);
                if (names.empty() || names.starts_with('.') || names.ends_with('.') || names.find("..") != names.npos) {
                    return expected(kWhat);
                }
                for (const auto name : std::views::split(names, '.')) {
                    condition.path.emplace_back(name.begin(), name.end());
                }
            }
            if (const Status after = next(); !after) {
                return after;
            }
        }
        return {};
    }

    Status readCompare(MessageCondition& condition) {
        using enum Compare;
        constexpr auto kOrder = std::to_array<std::pair<std::string_view, Compare>>(
            {{"=", Equal}, {"!=", Unequal}, {"<", Less}, {"<=", LessOrEqual}, {">", Greater}, {">=", GreaterOrEqual}});
        const std::size_t known = condition.part == Part::Json ? kOrder.size() : condition.part == Part::Text ? 0 : 2;
        const auto* const end = kOrder.begin() + known;
        const auto* const sign = std::find_if(kOrder.begin(), end, [this](const auto& each) {
            return m_token.kind == FilterToken::Kind::Sign && m_token.text == each.first;
        });
        if (sign != end) {
            condition.compare = sign->second;
        } else if (isWord("contains")) {
            condition.compare = Contains;
        } else {
            return expected(condition.part == Part::Json   ? "=, !=, <, <=, >, >= or contains"
                            : condition.part == Part::Text ? "contains"
                                                           : "=, != or contains");
        }
        return next();
    }

    Status readValue(MessageCondition& condition) {
        if (!isName()) {
            return expected("a value");
        }
        condition.isQuoted = m_token.kind == FilterToken::Kind::Quoted;
        condition.value = std::move(m_token.text);
        return next();
    }

    Status next() {
        m_position = std::min(m_text.find_first_not_of(" \t\r\n", m_position), m_text.size());
        m_token = {FilterToken::Kind::End, {}, m_position};
        if (m_position == m_text.size()) {
            return {};
        }
        const char first = m_text[m_position];
        if (first == '"') {
            return takeQuoted();
        }
        const bool isSign = kSigns.find(first) != kSigns.npos;
        m_token.kind = isSign ? FilterToken::Kind::Sign : FilterToken::Kind::Word;
        const std::size_t end =
            isSign ? m_text.find_first_not_of(kSigns, m_position) : m_text.find_first_of(" \t\r\n\"=!<>", m_position);
        m_token.text = m_text.substr(m_position, end - m_position);
        m_position = std::min(end, m_text.size());
        return {};
    }

    Status takeQuoted() {
        m_token.kind = FilterToken::Kind::Quoted;
        for (++m_position; m_position < m_text.size() && m_text[m_position] != '"'; ++m_position) {
            const bool isEscape = m_text[m_position] == '\\' && m_position + 1 < m_text.size() &&
                                  (m_text[m_position + 1] == '"' || m_text[m_position + 1] == '\\');
            m_position += isEscape ? 1 : 0;
            m_token.text += m_text[m_position];
        }
        if (m_position == m_text.size()) {
            return at(m_token.at, "the quote that begins here has no end");
        }
        ++m_position;
        return {};
    }

    Error expected(std::string_view what, std::string hint = {}) const {
        const std::string found =
            m_token.kind == FilterToken::Kind::End ? "the end" : inQuotes(m_text.substr(m_token.at));
        return at(m_token.at, fmt::format("expected {}, found {}", what, found), std::move(hint));
    }
    Error at(std::size_t position, const std::string& message, std::string hint = {}) const {
        // Columns count characters, not the bytes of UTF-8.
        const auto column = std::ranges::count_if(
            m_text.substr(0, position), [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; });
        return invalid(fmt::format("column {}: {}", column + 1, message), std::move(hint));
    }

    std::string_view m_text;
    std::size_t m_position = 0; // behind m_token
    FilterToken m_token;
};

} // namespace

Result<MessageFilter> MessageFilter::parse(std::string_view text) {
    if (text.size() > kLongest) {
        return invalid("A filter has at most 4,096 bytes.");
    }
    auto conditions = FilterReader(text).read();
    if (!conditions) {
        return conditions.error();
    }
    MessageFilter filter;
    filter.m_conditions = std::move(*conditions);
    return filter;
}

} // namespace core
