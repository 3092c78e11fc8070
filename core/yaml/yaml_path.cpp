// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/yaml/yaml_path.h"

#include "core/text/wording.h"

#include <fmt/format.h>

#include <charconv>

namespace core {

namespace {

constexpr std::string_view kClientSettings = "kafka.client."; // their names hold dots

const YamlNode* childOf(const YamlNode& node, const YamlStep& step) {
    if (const auto* index = std::get_if<std::size_t>(&step)) {
        return node.kind == YamlNode::Kind::Sequence && *index < node.items.size() ? &node.items[*index] : nullptr;
    }
    const YamlEntry* entry = node.kind == YamlNode::Kind::Mapping ? node.find(std::get<std::string>(step)) : nullptr;
    return entry == nullptr ? nullptr : &entry->value;
}

/// Takes "[3]" off the front of `rest`; false: it is none.
bool takeIndex(std::string_view& rest, YamlPath& path) {
    std::size_t index = 0;
    const auto [end, failed] = std::from_chars(rest.data() + 1, rest.data() + rest.size(), index);
    if (failed != std::errc() || end == rest.data() + rest.size() || *end != ']') {
        return false;
    }
    path.emplace_back(index);
    rest.remove_prefix(static_cast<std::size_t>(end - rest.data()) + 1);
    return true;
}

} // namespace

Result<YamlPath> parseYamlPath(std::string_view text) {
    const Error malformed =
        invalid(fmt::format("{} is not a path; write it as streams[0].stages[1].rate", inQuotes(text)));
    YamlPath path;
    std::string_view rest = text;
    while (!rest.empty()) {
        if (rest.front() == '[') {
            if (!takeIndex(rest, path)) {
                return malformed;
            }
            continue;
        }
        if (!path.empty()) {
            if (rest.front() != '.') {
                return malformed;
            }
            rest.remove_prefix(1);
        }
        const bool isSetting = text.substr(0, text.size() - rest.size()) == kClientSettings;
        const std::string_view key = isSetting ? rest : rest.substr(0, rest.find_first_of(".["));
        if (key.empty()) {
            return malformed;
        }
        path.emplace_back(std::string(key));
        rest.remove_prefix(key.size());
    }
    return path;
}

std::vector<const YamlNode*> trailOf(const YamlNode& root, const YamlPath& path) {
    std::vector<const YamlNode*> trail{&root};
    for (const YamlStep& step : path) {
        const YamlNode* child = childOf(*trail.back(), step);
        if (child == nullptr) {
            break;
        }
        trail.push_back(child);
    }
    return trail;
}

const YamlNode* nodeAt(const YamlNode& root, const YamlPath& path) {
    const std::vector<const YamlNode*> trail = trailOf(root, path);
    return trail.size() == path.size() + 1 ? trail.back() : nullptr;
}

} // namespace core
