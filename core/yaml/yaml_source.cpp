// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/yaml/yaml_source.h"

#include <algorithm>

namespace core {

namespace {

constexpr std::size_t kNowhere = std::string_view::npos;

bool isSpace(char c) {
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

} // namespace

YamlSource::YamlSource(std::string_view text, const YamlNode& root) : m_text(text), m_root(&root) {
    const std::size_t first = text.find('\n');
    m_lineEnd = first != kNowhere && first > 0 && text[first - 1] == '\r' ? "\r\n" : "\n";
}

bool YamlSource::isFlow(const YamlNode& collection) const {
    const bool isCollection = collection.kind == YamlNode::Kind::Mapping || collection.kind == YamlNode::Kind::Sequence;
    const std::size_t at = collection.start.offset;
    return isCollection && at < m_text.size() && (m_text[at] == '[' || m_text[at] == '{');
}

bool YamlSource::isNothing(const YamlNode& node) const {
    return node.kind == YamlNode::Kind::Scalar && !node.quoted && node.text.empty();
}

bool YamlSource::isBlank(std::size_t from, std::size_t to) const {
    return from >= to || std::ranges::all_of(m_text.substr(from, to - from), isSpace);
}

std::size_t YamlSource::startOfLine(std::size_t at) const {
    const std::size_t before = at == 0 ? kNowhere : m_text.rfind('\n', at - 1);
    return before == kNowhere ? 0 : before + 1;
}

std::size_t YamlSource::endOfLine(std::size_t at) const {
    const std::size_t feed = std::min(m_text.find('\n', at), m_text.size());
    return feed > at && feed < m_text.size() && m_text[feed - 1] == '\r' ? feed - 1 : feed;
}

std::size_t YamlSource::nextLine(std::size_t at) const {
    const std::size_t feed = m_text.find('\n', at);
    return feed == kNowhere ? m_text.size() : feed + 1;
}

bool YamlSource::beginsLine(std::size_t at) const {
    return isBlank(startOfLine(at), at);
}

std::size_t YamlSource::endOf(const YamlNode& node) const {
    std::size_t end = node.end.offset; // of a block text: where the next line begins
    while (end > node.start.offset && isSpace(m_text[end - 1])) {
        --end;
    }
    return end;
}

std::size_t YamlSource::endOf(const YamlEntry& entry) const {
    return isNothing(entry.value) ? behindColon(entry) : endOf(entry.value);
}

std::size_t YamlSource::behindColon(const YamlEntry& entry) const {
    std::size_t at = entry.key.end.offset;
    while (at < m_text.size() && isSpace(m_text[at])) {
        ++at;
    }
    return at < m_text.size() && m_text[at] == ':' ? at + 1 : entry.key.end.offset;
}

std::size_t YamlSource::commaAfter(std::size_t at) const {
    while (at < m_text.size()) {
        if (m_text[at] == ',') {
            return at;
        }
        if (m_text[at] == '#') {
            at = endOfLine(at);
        } else if (isSpace(m_text[at])) {
            ++at;
        } else {
            break;
        }
    }
    return kNowhere;
}

std::size_t YamlSource::afterBlanks(std::size_t at) const {
    while (at < m_text.size() && (m_text[at] == ' ' || m_text[at] == '\t')) {
        ++at;
    }
    return at;
}

Replacement YamlSource::linesRemoved(std::size_t from, std::size_t to) const {
    const std::size_t start = startOfLine(from);
    const std::size_t next = nextLine(to);
    const bool isUnended = next == m_text.size() && (next == 0 || m_text[next - 1] != '\n');
    if (!isUnended || start == 0) {
        return {start, next, {}};
    }
    return {endOfLine(startOfLine(start - 1)), next, {}};
}

std::vector<Replacement> YamlSource::partRemoved(std::size_t from, std::size_t to, std::size_t previousEnd) const {
    const std::size_t comma = commaAfter(to);
    if (comma != kNowhere) {
        const std::size_t behind = afterBlanks(comma + 1);
        if (!isBlank(to, comma)) {
            return {{from, to, {}}, {comma, behind, {}}};
        }
        const bool isWholeLine = beginsLine(from) && behind == endOfLine(behind);
        return {isWholeLine ? linesRemoved(from, behind) : Replacement{from, behind, {}}};
    }
    const std::size_t before = previousEnd == kNowhere ? kNowhere : commaAfter(previousEnd);
    if (before == kNowhere) {
        return {{from, to, {}}};
    }
    if (isBlank(before + 1, from)) {
        return {{isBlank(previousEnd, before) ? previousEnd : before, to, {}}};
    }
    return {{before, before + 1, {}}, {from, to, {}}};
}

std::string replaced(std::string_view text, std::vector<Replacement> replacements) {
    std::ranges::stable_sort(replacements, {}, &Replacement::from);
    std::string out;
    std::size_t done = 0;
    for (const Replacement& replacement : replacements) {
        out += text.substr(done, replacement.from - done);
        out += replacement.with;
        done = replacement.to;
    }
    return out += text.substr(done);
}

} // namespace core
