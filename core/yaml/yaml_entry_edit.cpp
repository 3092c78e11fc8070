// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/yaml/yaml_entry_edit.h"

#include "core/yaml/yaml_writing.h"

#include <algorithm>
#include <array>

namespace core {

namespace {

/// The order in which the format's documentation names the keys; no key has two places.
constexpr std::array<std::string_view, 44> kOrder{
    "version", "name",        "seed",       "warmup",     "drain",  "tier",   "arrival",    "start",  "duration",
    "ramp",    "pause",       "spike",      "sine",       "rate",   "from",   "to",         "steps",  "hold",
    "mean",    "amplitude",   "period",     "streams",    "stages", "event",  "size",       "levels", "sources",
    "key",     "messages",    "duplicates", "unreadable", "kafka",  "topic",  "partitions", "acks",   "linger",
    "batch",   "compression", "consumer",   "dedupe",     "rule",   "during", "thresholds", "target"};

std::size_t rankOf(std::string_view key) {
    return static_cast<std::size_t>(std::ranges::find(kOrder, key) - kOrder.begin());
}

/// The entry behind which `key` belongs; null: in front of all.
const YamlEntry* placeFor(const YamlNode& mapping, std::string_view key) {
    const std::size_t rank = rankOf(key);
    const YamlEntry* place = nullptr;
    for (const YamlEntry& entry : mapping.entries) {
        if (rank == kOrder.size() || rankOf(entry.key.text) < rank) {
            place = &entry;
        }
    }
    return place;
}

YamlQuotes quotesOf(const YamlSource& source, const YamlNode& scalar) {
    switch (source.text()[scalar.start.offset]) {
    case '\'':
        return YamlQuotes::Single;
    case '"':
        return YamlQuotes::Double;
    default:
        return YamlQuotes::AsNeeded;
    }
}

const YamlEntry* entryOf(const YamlNode& mapping, const YamlStep& step) {
    const auto* key = std::get_if<std::string>(&step);
    return key == nullptr ? nullptr : mapping.find(*key);
}

/// What a block text keeps when one line takes its place: the comment behind its sign.
std::string headComment(const YamlSource& source, const YamlNode& scalar) {
    const std::size_t at = scalar.start.offset;
    if (!scalar.quoted || (source.text()[at] != '|' && source.text()[at] != '>')) {
        return {};
    }
    const std::string_view head = source.text().substr(at, source.endOfLine(at) - at);
    const std::size_t comment = head.find(" #");
    return comment == std::string_view::npos ? std::string() : std::string(head.substr(comment));
}

Replacement inFrontOfAll(const YamlSource& source, const YamlNode& mapping, const std::string& text) {
    if (source.isFlow(mapping)) {
        const std::size_t at = mapping.start.offset + 1;
        return {at, at, mapping.entries.empty() ? text : text + ", "};
    }
    const YamlMark& first = mapping.entries.front().key.start;
    const std::string indent(static_cast<std::size_t>(first.column) - 1, ' ');
    return {first.offset, first.offset, text + std::string(source.lineEnd()) + indent};
}

} // namespace

std::vector<Replacement> valueReplaced(const YamlSource& source, const std::vector<const YamlNode*>& trail,
                                       const YamlPath& path, const YamlNode& value) {
    const YamlNode& old = *trail.back();
    const auto isFlow = [&source](const YamlNode* node) { return source.isFlow(*node); };
    const bool inFlow = std::any_of(trail.begin(), trail.end() - 1, isFlow);
    const bool isScalar = value.kind == YamlNode::Kind::Scalar;
    const YamlEntry* entry = path.empty() ? nullptr : entryOf(*trail[trail.size() - 2], path.back());

    if (source.isNothing(old)) {
        const std::size_t at = entry != nullptr ? source.behindColon(*entry) : old.start.offset;
        const bool hasColon = entry == nullptr || source.text()[at - 1] == ':';
        return {{at, at, (hasColon ? " " : ": ") + (isScalar ? scalarText(value, inFlow) : flowText(value))}};
    }
    if (isScalar && old.kind == YamlNode::Kind::Scalar) {
        return {{old.start.offset, source.endOf(old),
                 scalarText(value, inFlow, quotesOf(source, old)) + headComment(source, old)}};
    }
    const std::string text = isScalar ? scalarText(value, inFlow) : flowText(value);
    const bool isBlock = old.kind != YamlNode::Kind::Scalar && !source.isFlow(old);
    if (isBlock && entry != nullptr && entry->key.start.line != old.start.line) {
        return {{source.behindColon(*entry), source.endOf(old), ' ' + text}};
    }
    return {{old.start.offset, source.endOf(old), text}};
}

std::vector<Replacement> entryAdded(const YamlSource& source, const YamlNode& mapping, const YamlEntry& entry,
                                    bool listInLines) {
    const YamlEntry* before = placeFor(mapping, entry.key.text);
    if (source.isFlow(mapping)) {
        const std::string text = scalarText(entry.key, true) + ": " + flowText(entry.value);
        if (before == nullptr) {
            return {inFrontOfAll(source, mapping, text)};
        }
        return {{source.endOf(*before), source.endOf(*before), ", " + text}};
    }
    const std::size_t indent = static_cast<std::size_t>(mapping.entries.front().key.start.column) - 1;
    const std::string lineEnd(source.lineEnd());
    const std::string text = listInLines ? entry.key.text + ':' + lineEnd + std::string(indent + 2, ' ') +
                                               blockSequenceText(entry.value, indent + 2, lineEnd)
                                         : blockEntryText(entry, indent, lineEnd);
    if (before == nullptr) {
        return {inFrontOfAll(source, mapping, text)};
    }
    const std::size_t at = source.endOfLine(source.endOf(*before));
    return {{at, at, lineEnd + std::string(indent, ' ') + text}};
}

std::vector<Replacement> entryRemoved(const YamlSource& source, const YamlNode& mapping, std::size_t index) {
    const YamlEntry& entry = mapping.entries[index];
    const std::size_t start = entry.key.start.offset;
    const std::size_t end = source.endOf(entry);
    if (source.isFlow(mapping)) {
        const std::size_t previous = index == 0 ? std::string_view::npos : source.endOf(mapping.entries[index - 1]);
        return source.partRemoved(start, end, previous);
    }
    if (source.beginsLine(start)) {
        return {source.linesRemoved(start, end)};
    }
    const std::size_t endOfLine = source.endOfLine(end); // behind the dash of an item
    const std::size_t next = mapping.entries[index + 1].key.start.offset;
    return {{start, source.isBlank(endOfLine, next) ? next : endOfLine, {}}};
}

} // namespace core
