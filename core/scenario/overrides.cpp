// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/scenario/overrides.h"

#include "core/text/wording.h"

#include <fmt/format.h>

#include <charconv>
#include <optional>
#include <string_view>

namespace core {

namespace {

/// A sentence about a path that leads nowhere.
using Refusal = std::string;

void markOrigin(YamlNode& node, const std::string& origin) {
    node.origin = origin;
    for (YamlNode& item : node.items) {
        markOrigin(item, origin);
    }
    for (YamlEntry& entry : node.entries) {
        markOrigin(entry.key, origin);
        markOrigin(entry.value, origin);
    }
}

/// Follows a path from the root, making the mappings that are missing.
class Walk {
public:
    Walk(YamlNode& root, std::string_view path, const std::string& origin)
        : m_node(&root), m_path(path), m_rest(path), m_origin(origin) {}

    /// Where the path leads; null, and refusal() says why it leads nowhere.
    YamlNode* follow() {
        do {
            if (!step()) {
                return nullptr;
            }
        } while (!m_rest.empty());
        return m_node;
    }
    const Refusal& refusal() const { return m_refusal; }

private:
    bool refuse(Refusal refusal) {
        m_refusal = std::move(refusal);
        return false;
    }
    std::string walked() const {
        std::string_view done = m_path.substr(0, m_path.size() - m_rest.size());
        while (done.ends_with('.')) {
            done.remove_suffix(1);
        }
        return inQuotes(done);
    }

    bool step() {
        if (m_rest.starts_with('[')) {
            return stepToItem();
        }
        const bool isFirst = m_rest.size() == m_path.size();
        if (!isFirst) {
            if (!m_rest.starts_with('.')) {
                return refuse("is not a path; write it as streams[0].stages[1].rate");
            }
            m_rest.remove_prefix(1);
        }
        return m_node->kind == YamlNode::Kind::Sequence ? stepToNamed() : stepToKey();
    }

    bool stepToItem() {
        const std::size_t close = m_rest.find(']');
        std::size_t index = 0;
        const char* digits = m_rest.data() + 1;
        const char* end = m_rest.data() + (close == std::string_view::npos ? 1 : close);
        if (close == std::string_view::npos || std::from_chars(digits, end, index).ptr != end || digits == end) {
            return refuse("is not a path; a place in a list is a number in brackets, as streams[0]");
        }
        if (m_node->kind != YamlNode::Kind::Sequence) {
            return refuse(fmt::format("leads nowhere: {} is not a list", walked()));
        }
        if (index >= m_node->items.size()) {
            return refuse(
                fmt::format("leads nowhere: {} has {} items, counted from 0", walked(), m_node->items.size()));
        }
        m_node = &m_node->items[index];
        m_rest.remove_prefix(close + 1);
        return true;
    }

    /// An item of a list by its 'name'; names may hold dots, so the longest that fits is taken.
    bool stepToNamed() {
        YamlNode* found = nullptr;
        std::size_t length = 0;
        for (YamlNode& item : m_node->items) {
            const YamlEntry* name = item.find("name");
            if (name == nullptr || name->value.kind != YamlNode::Kind::Scalar) {
                continue;
            }
            const std::string& text = name->value.text;
            const bool fits = m_rest.starts_with(text) && (m_rest.size() == text.size() || m_rest[text.size()] == '.' ||
                                                           m_rest[text.size()] == '[');
            if (fits && text.size() > length) {
                found = &item;
                length = text.size();
            }
        }
        if (found == nullptr) {
            return refuse(fmt::format("leads nowhere: nothing in {} has the name {}", walked(),
                                      inQuotes(m_rest.substr(0, m_rest.find_first_of(".[")))));
        }
        m_node = found;
        m_rest.remove_prefix(length);
        return true;
    }

    bool stepToKey() {
        const bool isClientSetting = m_path.substr(0, m_path.size() - m_rest.size()) == "kafka.client.";
        const std::string key(isClientSetting ? m_rest : m_rest.substr(0, m_rest.find_first_of(".[")));
        if (key.empty()) {
            return refuse("is not a path; write it as streams[0].stages[1].rate");
        }
        if (m_node->kind != YamlNode::Kind::Mapping) {
            return refuse(fmt::format("leads nowhere: {} holds no keys", walked()));
        }
        m_rest.remove_prefix(key.size());
        if (YamlEntry* entry = m_node->find(key)) {
            m_node = &entry->value;
            return true;
        }
        if (m_rest.starts_with('[')) {
            return refuse(fmt::format("leads nowhere: {} does not exist", walked()));
        }
        m_node->entries.push_back({scalar(key), emptyMapping()});
        m_node = &m_node->entries.back().value;
        return true;
    }

    YamlNode scalar(const std::string& text) const {
        YamlNode node;
        node.text = text;
        node.written = text;
        node.origin = m_origin;
        return node;
    }
    YamlNode emptyMapping() const {
        YamlNode node;
        node.kind = YamlNode::Kind::Mapping;
        node.origin = m_origin;
        return node;
    }

    YamlNode* m_node;
    std::string_view m_path;
    std::string_view m_rest;
    std::string m_origin;
    Refusal m_refusal;
};

} // namespace

void applyOverrides(YamlNode& root, const std::vector<std::pair<std::string, std::string>>& overrides,
                    ProblemList& problems) {
    for (const auto& [path, value] : overrides) {
        const std::string origin = "--set " + shown(path);
        YamlReading reading = readYaml(value.empty() ? "''" : value);
        for (const YamlProblem& problem : reading.problems) {
            problems.addToOverride(origin, problem.message);
        }
        if (!reading.problems.empty()) {
            continue;
        }
        Walk walk(root, path, origin);
        YamlNode* node = walk.follow();
        if (node == nullptr) {
            problems.addToOverride(origin, walk.refusal());
            continue;
        }
        markOrigin(reading.root, origin);
        *node = std::move(reading.root);
    }
}

} // namespace core
