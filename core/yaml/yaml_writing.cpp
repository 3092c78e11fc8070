// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/yaml/yaml_writing.h"

#include "core/yaml/cursor.h"

#include <fmt/format.h>

#include <algorithm>

namespace core {

namespace {

using Kind = YamlNode::Kind;

unsigned char byteAt(std::string_view text, std::size_t at) {
    return at < text.size() ? static_cast<unsigned char>(text[at]) : 0;
}

/// How many bytes at `at` are a character that YAML must not meet unescaped; 0: none. `code` is its number.
std::size_t unprintableAt(std::string_view text, std::size_t at, unsigned& code) {
    const unsigned char first = byteAt(text, at);
    const unsigned char second = byteAt(text, at + 1);
    code = first;
    if (first < 0x20 || first == 0x7F) {
        return 1;
    }
    if (first == 0xC2 && second < 0xA0) { // C1 controls
        code = second;
        return 2;
    }
    if (first != 0xE2 && first != 0xEF) {
        return 0;
    }
    code = (first & 0x0FU) << 12U | (second & 0x3FU) << 6U | (byteAt(text, at + 2) & 0x3FU);
    const bool isOdd = code == 0x2028 || code == 0x2029 || code == 0xFEFF || code >= 0xFFFE;
    return isOdd ? 3 : 0;
}

bool isPrintable(std::string_view text) {
    unsigned code = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (unprintableAt(text, i, code) > 0) {
            return false;
        }
    }
    return true;
}

bool mayStandPlain(std::string_view text, bool inFlow) {
    if (text.empty() || text.front() == ' ' || text.back() == ' ' || text.back() == ':' || !isPrintable(text)) {
        return false;
    }
    if (text.starts_with("...")) { // would end the document
        return false;
    }
    constexpr std::string_view kIndicators = "-?:,[]{}#&*!|>'\"%@`";
    return kIndicators.find(text.front()) == std::string_view::npos && text.find(": ") == std::string_view::npos &&
           text.find(" #") == std::string_view::npos &&
           (!inFlow || text.find_first_of(",[]{}?") == std::string_view::npos);
}

std::string inSingleQuotes(std::string_view text) {
    std::string out = "'";
    for (const char c : text) {
        out += c;
        if (c == '\'') {
            out += c;
        }
    }
    return out + '\'';
}

std::string inDoubleQuotes(std::string_view text) {
    std::string out = "\"";
    for (std::size_t i = 0; i < text.size(); ++i) {
        unsigned code = 0;
        const std::size_t length = unprintableAt(text, i, code);
        if (length > 0) {
            out += fmt::format("\\u{:04X}", code);
        } else if (text[i] == '"' || text[i] == '\\') {
            (out += '\\') += text[i];
        } else {
            out += text[i];
        }
        i += length > 1 ? length - 1 : 0;
    }
    return out + '"';
}

bool holdsScalarsOnly(const YamlNode& node) {
    const auto isScalar = [](const YamlNode& item) { return item.kind == Kind::Scalar; };
    return node.kind == Kind::Scalar || (node.kind == Kind::Sequence && std::ranges::all_of(node.items, isScalar));
}

bool fitsOneLine(const YamlNode& node) {
    return node.kind == Kind::Mapping ? std::ranges::all_of(node.entries, holdsScalarsOnly, &YamlEntry::value)
                                      : holdsScalarsOnly(node);
}

template <typename Parts, typename Write>
std::string joined(const Parts& parts, std::string_view separator, const Write& write) {
    std::string out;
    for (const auto& part : parts) {
        if (&part != &parts.front()) {
            out += separator;
        }
        out += write(part);
    }
    return out;
}

std::string newLine(std::string_view lineEnd, std::size_t indent) {
    return std::string(lineEnd) + std::string(indent, ' ');
}

} // namespace

YamlNode yamlText(std::string text) {
    YamlNode node = yamlPlain(std::move(text));
    node.quoted = true;
    return node;
}

YamlNode yamlPlain(std::string text) {
    YamlNode node;
    node.written = text;
    node.text = std::move(text);
    return node;
}

bool readsAsText(std::string_view plain) {
    const YamlNode node = yamlPlain(std::string(plain));
    return Cursor{&node, {}, nullptr}.isText();
}

std::string scalarText(const YamlNode& scalar, bool inFlow, YamlQuotes quotes) {
    const std::string& text = scalar.text;
    if (text.empty() && !scalar.quoted) {
        return {}; // nothing
    }
    const bool isText = readsAsText(text);
    if (quotes == YamlQuotes::Single && isText && isPrintable(text)) {
        return inSingleQuotes(text);
    }
    const bool isPlain = mayStandPlain(text, inFlow) && (isText || !scalar.quoted);
    return isPlain && (quotes == YamlQuotes::AsNeeded || !isText) ? text : inDoubleQuotes(text);
}

std::string flowText(const YamlNode& node) {
    if (node.kind == Kind::Sequence) {
        return '[' + joined(node.items, ", ", flowText) + ']';
    }
    if (node.kind != Kind::Mapping) {
        return scalarText(node, true);
    }
    const auto entryText = [](const YamlEntry& entry) {
        return scalarText(entry.key, true) + ": " + flowText(entry.value);
    };
    return '{' + joined(node.entries, ", ", entryText) + '}';
}

std::string blockText(const YamlNode& node, std::size_t indent, std::string_view lineEnd) {
    if (node.kind == Kind::Scalar) {
        return scalarText(node, false);
    }
    if (fitsOneLine(node)) {
        return flowText(node);
    }
    if (node.kind == Kind::Sequence) {
        return blockSequenceText(node, indent, lineEnd);
    }
    return joined(node.entries, newLine(lineEnd, indent),
                  [&](const YamlEntry& entry) { return blockEntryText(entry, indent, lineEnd); });
}

std::string blockSequenceText(const YamlNode& sequence, std::size_t indent, std::string_view lineEnd) {
    return joined(sequence.items, newLine(lineEnd, indent),
                  [&](const YamlNode& item) { return "- " + blockText(item, indent + 2, lineEnd); });
}

std::string blockEntryText(const YamlEntry& entry, std::size_t indent, std::string_view lineEnd) {
    const std::string key = scalarText(entry.key, false) + ':';
    if (fitsOneLine(entry.value)) {
        return key + ' ' + blockText(entry.value, indent, lineEnd);
    }
    return key + newLine(lineEnd, indent + 2) + blockText(entry.value, indent + 2, lineEnd);
}

} // namespace core
