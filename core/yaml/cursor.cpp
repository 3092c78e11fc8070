// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/yaml/cursor.h"

#include "core/text/wording.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace core {

namespace {

constexpr std::array<std::string_view, 5> kNulls{"", "~", "null", "Null", "NULL"};
constexpr std::array<std::string_view, 18> kBools{"true", "True", "TRUE", "false", "False", "FALSE",
                                                  "yes",  "Yes",  "YES",  "no",    "No",    "NO",
                                                  "on",   "On",   "ON",   "off",   "Off",   "OFF"};
constexpr std::array<std::string_view, 6> kNoNumbers{".inf", ".Inf", ".INF", ".nan", ".NaN", ".NAN"};

template <typename Names>
bool isOneOf(std::string_view text, const Names& names) {
    return std::ranges::find(names, text) != names.end();
}

/// True for what YAML 1.1 or 1.2 reads as a number or a date, and for a few that only look like it.
bool looksLikeNumber(std::string_view text) {
    const bool isSigned = text.starts_with('+') || text.starts_with('-');
    const std::string_view bare = text.substr(isSigned ? 1 : 0);
    if (isOneOf(bare, kNoNumbers)) {
        return true;
    }
    const auto isDigit = [](char c) { return c >= '0' && c <= '9'; };
    const bool startsWithDigit = !bare.empty() && isDigit(bare[0]);
    const bool startsWithDot = bare.size() > 1 && bare[0] == '.' && (isDigit(bare[1]) || bare[1] == '_');
    if (!startsWithDigit && !startsWithDot) {
        return false;
    }
    const bool isBased = bare.starts_with("0x") || bare.starts_with("0b") || bare.starts_with("0o");
    const std::string_view alphabet = isBased ? "0123456789abcdefABCDEFxo_" : "0123456789_.:+-eEtTzZ ";
    return bare.find_first_not_of(alphabet) == std::string_view::npos;
}

std::string_view kindOf(const YamlNode& node) {
    if (node.kind == YamlNode::Kind::Mapping) {
        return "a mapping";
    }
    if (node.kind == YamlNode::Kind::Sequence) {
        return "a list";
    }
    if (node.quoted || node.expanded) {
        return "a text";
    }
    if (isOneOf(node.text, kNulls)) {
        return "nothing";
    }
    if (isOneOf(node.text, kBools)) {
        return "a boolean";
    }
    if (node.text == "<<" || node.text == "=") {
        return "a sign with a meaning of its own";
    }
    return looksLikeNumber(node.text) ? "a number" : "a text";
}

} // namespace

void Cursor::refuseKind(std::string_view expected) const {
    if (!isBroken()) {
        refuse(fmt::format("expected {}, found {}", expected, kindOf(*node)));
    }
}

bool Cursor::isText() const {
    return isScalar() && kindOf(*node) == "a text";
}

bool Cursor::isNothing() const {
    return isScalar() && kindOf(*node) == "nothing";
}

bool Cursor::isPlain() const {
    return isScalar() && (!node->quoted || node->expanded) && !isNothing();
}

Cursor Cursor::item(std::size_t index) const {
    return {&node->items[index], fmt::format("{}[{}]", path, index), problems};
}

Cursor Cursor::entry(const YamlEntry& entry) const {
    const std::string key = shown(entry.key.text);
    return {&entry.value, path.empty() ? key : path + "." + key, problems};
}

std::vector<Cursor> readItems(const Cursor& at, std::string_view expected, std::size_t most) {
    std::vector<Cursor> items;
    if (at.node->kind != YamlNode::Kind::Sequence) {
        at.refuseKind(expected);
        return items;
    }
    if (at.node->items.empty()) {
        at.refuse("the list is empty");
    }
    if (at.node->items.size() > most) {
        at.refuse(fmt::format("{} items are too many; at most {}", at.node->items.size(), most));
    }
    for (std::size_t i = 0; i < std::min(at.node->items.size(), most); ++i) {
        items.push_back(at.item(i));
    }
    return items;
}

} // namespace core
