// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/yaml/yaml_change.h"

#include "core/yaml/yaml_writing.h"

#include <algorithm>

namespace core {

namespace {

using Kind = YamlNode::Kind;

bool isText(const YamlNode& scalar) {
    return scalar.quoted || readsAsText(scalar.text);
}

YamlNode& childMade(YamlNode& node, const YamlStep& step) {
    if (const auto* index = std::get_if<std::size_t>(&step)) {
        return node.items[*index];
    }
    const std::string& key = std::get<std::string>(step);
    if (YamlEntry* entry = node.find(key)) {
        return entry->value;
    }
    node.kind = Kind::Mapping;
    node.entries.push_back({yamlKey(key), YamlNode{}});
    return node.entries.back().value;
}

} // namespace

YamlNode yamlKey(std::string key) {
    return yamlText(std::move(key));
}

YamlNode emptyMapping() {
    YamlNode node;
    node.kind = Kind::Mapping;
    return node;
}

YamlNode sequenceOf(YamlNode item) {
    YamlNode node;
    node.kind = Kind::Sequence;
    node.items.push_back(std::move(item));
    return node;
}

YamlNode& nodeMadeAt(YamlNode& root, const YamlPath& path) {
    YamlNode* node = &root;
    for (const YamlStep& step : path) {
        node = &childMade(*node, step);
    }
    return *node;
}

void eraseAt(YamlNode& root, const YamlPath& path) {
    YamlNode& parent = nodeMadeAt(root, YamlPath(path.begin(), path.end() - 1));
    if (const auto* index = std::get_if<std::size_t>(&path.back())) {
        parent.items.erase(parent.items.begin() + static_cast<std::ptrdiff_t>(*index));
    } else {
        std::erase_if(parent.entries,
                      [&path](const YamlEntry& entry) { return entry.key.text == std::get<std::string>(path.back()); });
    }
}

bool sameContent(const YamlNode& a, const YamlNode& b) {
    if (a.kind != b.kind || a.entries.size() != b.entries.size()) {
        return false;
    }
    if (a.kind == Kind::Scalar) {
        return a.text == b.text && isText(a) == isText(b);
    }
    const auto hasEqual = [&b](const YamlEntry& entry) {
        const YamlEntry* other = b.find(entry.key.text);
        return other != nullptr && sameContent(entry.value, other->value);
    };
    return std::ranges::equal(a.items, b.items, sameContent) && std::ranges::all_of(a.entries, hasEqual);
}

} // namespace core
