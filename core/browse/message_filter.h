// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/format/json_walk.h"
#include "core/ports/broker.h"
#include "core/result.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace core {

/// One condition of a filter.
struct MessageCondition {
    enum class Part : std::uint8_t { Key, Header, Json, Text };
    enum class Compare : std::uint8_t { Equal, Unequal, Contains, Less, LessOrEqual, Greater, GreaterOrEqual };

    Part part = Part::Text;
    std::vector<std::string> path; ///< of Json; of Header its name alone
    Compare compare = Compare::Contains;
    std::string value;
    bool isQuoted = false; ///< the value is a text, even where it looks like a number

    bool operator==(const MessageCondition&) const = default;
};

/// Which messages are wanted. Its grammar:
///
///     filter    = [ condition { "and" condition } ]
///     condition = "key"         ( "=" | "!=" | "contains" ) value
///               | "header" name ( "=" | "!=" | "contains" ) value
///               | "json" path   ( "=" | "!=" | "contains" | "<" | "<=" | ">" | ">=" ) value
///               | "text" "contains" value
///     path      = name { "." name }              names of entries; numbers count in lists, from 0
///     name, value = word | '"' … '"'             \" and \\ stand for themselves between the quotes
///
/// Its own words may be written in upper or lower case. `contains` finds A to Z and a to z alike; all else is
/// compared byte by byte. The text is the whole payload, whatever it is. A key or header that is missing counts as
/// empty; of repeated headers the last counts. An entry that is missing, or cannot be read because the payload is no
/// JSON or beyond the limits of core/format/json_walk.h, is unequal to everything and fulfils nothing else. A value
/// without quotes that is a number is compared as one with numbers, and with texts as a text; order between texts is
/// that of their bytes, so that times as of RFC 3339 in UTC can be compared.
class MessageFilter {
public:
    static constexpr std::size_t kLongest = 4'096;     ///< bytes
    static constexpr std::size_t kMostConditions = 16; ///< each costs time with every message

    MessageFilter() = default; ///< everything is wanted
    /// The error says in which column what was expected.
    static Result<MessageFilter> parse(std::string_view text);

    const std::vector<MessageCondition>& conditions() const { return m_conditions; } ///< all of them must hold
    bool operator==(const MessageFilter&) const = default;

private:
    std::vector<MessageCondition> m_conditions;
};

/// Judges messages by a filter. One thread.
class MessageMatcher {
public:
    explicit MessageMatcher(MessageFilter filter) : m_filter(std::move(filter)) {}
    bool matches(const PolledMessage& message);

private:
    bool holds(const MessageCondition& condition, const PolledMessage& message);

    MessageFilter m_filter;
    JsonLookup m_json;
};

} // namespace core
