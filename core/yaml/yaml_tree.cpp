// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/yaml/yaml_tree.h"

#include "core/text/wording.h"
#include "core/yaml/yaml_events.h"

#include <fmt/format.h>

#include <algorithm>
#include <unordered_map>
#include <utility>

namespace core {

namespace {

using EventKind = YamlEvent::Kind;

/// Builds the tree by recursive descent. Functions answer false when nothing more can be read.
class TreeBuilder {
public:
    explicit TreeBuilder(std::string_view text) : m_events(text) {}

    YamlReading read() {
        YamlReading reading;
        if (!readDocument(reading.root)) {
            reading.root = broken();
        }
        reading.problems = std::move(m_problems);
        return reading;
    }

private:
    using Lines = std::unordered_map<std::string, int>; // of the keys of a mapping

    static YamlNode broken() {
        YamlNode node;
        node.kind = YamlNode::Kind::Broken;
        return node;
    }

    bool giveUp(const YamlMark& at, std::string message) {
        m_problems.push_back({at, std::move(message)});
        return false;
    }

    bool next(YamlEvent& event) {
        std::optional<YamlEvent> read = m_events.next();
        if (!read) {
            m_problems.push_back(m_events.problem());
            return false;
        }
        event = std::move(*read);
        return true;
    }

    bool readDocument(YamlNode& root) {
        YamlEvent event;
        do {
            if (!next(event)) {
                return false;
            }
            if (event.kind == EventKind::StreamEnd) {
                return giveUp({.line = 1, .column = 1}, "the text is empty");
            }
        } while (event.kind != EventKind::DocumentStart);
        if (!next(event) || !build(event, root, 1) || !next(event) || !next(event)) { // its end, and what follows
            return false;
        }
        if (event.kind != EventKind::StreamEnd) {
            return giveUp(event.start, "a second document begins here; a file holds one");
        }
        return true;
    }

    bool build(YamlEvent& event, YamlNode& node, int depth) {
        if (++m_nodes > kMaxYamlNodes) {
            return giveUp(event.start, fmt::format("more than {} values", kMaxYamlNodes));
        }
        node.start = event.start;
        node.end = event.end;
        refuseProperties(event);
        if (event.kind == EventKind::SequenceStart || event.kind == EventKind::MappingStart) {
            if (depth > kMaxYamlDepth) {
                return giveUp(event.start, fmt::format("nested deeper than {} levels", kMaxYamlDepth));
            }
            return event.kind == EventKind::SequenceStart ? buildSequence(event, node, depth)
                                                          : buildMapping(event, node, depth);
        }
        if (event.kind == EventKind::Alias) {
            m_problems.push_back({event.start, "aliases (*name) are not allowed; write the value out"});
            node.kind = YamlNode::Kind::Broken;
            return true;
        }
        node.kind = YamlNode::Kind::Scalar;
        node.quoted = event.quoted;
        node.written = event.text;
        node.text = std::move(event.text);
        return true;
    }

    void refuseProperties(const YamlEvent& event) {
        if (event.hasAnchor) {
            m_problems.push_back({event.start, "anchors (&name) are not allowed"});
        }
        if (event.hasTag) {
            m_problems.push_back({event.start, "tags (!name) are not allowed"});
        }
    }

    static YamlMark endOf(const YamlEvent& start, const YamlEvent& end, const YamlMark& lastChild) {
        return start.block ? lastChild : end.end; // libyaml ends a block where the next token begins
    }

    bool buildSequence(const YamlEvent& start, YamlNode& node, int depth) {
        node.kind = YamlNode::Kind::Sequence;
        YamlEvent event;
        while (next(event)) {
            if (event.kind == EventKind::End) {
                node.end = endOf(start, event, node.items.empty() ? start.end : node.items.back().end);
                return true;
            }
            YamlNode item;
            if (!build(event, item, depth + 1)) {
                return false;
            }
            node.items.push_back(std::move(item));
        }
        return false;
    }

    bool buildMapping(const YamlEvent& start, YamlNode& node, int depth) {
        node.kind = YamlNode::Kind::Mapping;
        Lines lines;
        YamlMark lastEnd = start.end;
        YamlEvent event;
        while (next(event)) {
            if (event.kind == EventKind::End) {
                node.end = endOf(start, event, lastEnd);
                return true;
            }
            YamlEntry entry;
            YamlEvent valueEvent;
            if (!build(event, entry.key, depth + 1) || !next(valueEvent) ||
                !build(valueEvent, entry.value, depth + 1)) {
                return false;
            }
            lastEnd = entry.value.end;
            if (isNewKey(entry.key, lines)) {
                node.entries.push_back(std::move(entry));
            }
        }
        return false;
    }

    bool isNewKey(const YamlNode& key, Lines& lines) {
        if (key.kind != YamlNode::Kind::Scalar) {
            if (key.kind != YamlNode::Kind::Broken) {
                m_problems.push_back({key.start, "a key must be a plain word"});
            }
            return false;
        }
        const auto [known, isNew] = lines.emplace(key.text, key.start.line);
        if (!isNew) {
            m_problems.push_back({key.start, fmt::format("the key {} is given twice; the first is in line {}",
                                                         inQuotes(key.text), known->second)});
        }
        return isNew;
    }

    YamlEvents m_events;
    std::size_t m_nodes = 0;
    std::vector<YamlProblem> m_problems;
};

} // namespace

const YamlEntry* YamlNode::find(std::string_view key) const {
    const auto found = std::ranges::find_if(entries, [key](const YamlEntry& entry) { return entry.key.text == key; });
    return found == entries.end() ? nullptr : &*found;
}

YamlEntry* YamlNode::find(std::string_view key) {
    return const_cast<YamlEntry*>(std::as_const(*this).find(key)); // this node itself is not const
}

YamlReading readYaml(std::string_view text) {
    if (text.size() > kMaxYamlBytes) {
        YamlReading reading;
        reading.root.kind = YamlNode::Kind::Broken;
        reading.problems.push_back({{.line = 1, .column = 1}, "the file is larger than 1 MiB"});
        return reading;
    }
    return TreeBuilder(text).read();
}

} // namespace core
