// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/scenario/environment.h"

#include "core/text/wording.h"
#include "core/yaml/cursor.h"

#include <fmt/format.h>

#include <algorithm>

namespace core {

namespace {

constexpr std::string_view kOpening = "${";

bool isNameCharacter(char c) {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
}

/// The name in the ${NAME} at the front of the text; nothing if it is malformed.
std::optional<std::string_view> nameAtFront(std::string_view text) {
    const std::size_t close = text.find('}');
    if (!text.starts_with(kOpening) || close == std::string_view::npos) {
        return std::nullopt;
    }
    const std::string_view name = text.substr(kOpening.size(), close - kOpening.size());
    const bool isName = !name.empty() && (name[0] < '0' || name[0] > '9') && std::ranges::all_of(name, isNameCharacter);
    return isName ? std::optional(name) : std::nullopt;
}

void expandScalar(const Cursor& at, YamlNode& node, const EnvironmentLookup& lookUp) {
    std::string expanded;
    std::string_view rest = node.written;
    bool isGood = true;
    for (std::size_t found = rest.find(kOpening); found != std::string_view::npos; found = rest.find(kOpening)) {
        expanded += rest.substr(0, found);
        rest.remove_prefix(found);
        const auto name = nameAtFront(rest);
        if (!name) {
            at.refuse("'${' begins the name of an environment variable; write ${NAME}");
            node.kind = YamlNode::Kind::Broken;
            return;
        }
        const auto value = lookUp ? lookUp(std::string(*name)) : std::nullopt;
        if (!value) {
            at.refuse(fmt::format("the environment variable {} is not set", inQuotes(*name)));
        }
        isGood = isGood && value.has_value();
        expanded += value.value_or("");
        rest.remove_prefix(kOpening.size() + name->size() + 1);
        node.expanded = true;
    }
    if (!isGood) {
        node.kind = YamlNode::Kind::Broken;
    } else if (node.expanded) {
        node.text = expanded.append(rest);
    }
}

void expandNode(YamlNode& node, const std::string& path, const EnvironmentLookup& lookUp, ProblemList& problems) {
    const Cursor at{&node, path, &problems};
    if (node.kind == YamlNode::Kind::Scalar) {
        expandScalar(at, node, lookUp);
    }
    for (std::size_t i = 0; i < node.items.size(); ++i) {
        expandNode(node.items[i], at.item(i).path, lookUp, problems);
    }
    for (YamlEntry& entry : node.entries) {
        expandNode(entry.value, at.entry(entry).path, lookUp, problems);
    }
}

} // namespace

void expandEnvironment(YamlNode& root, const EnvironmentLookup& lookUp, ProblemList& problems) {
    expandNode(root, "", lookUp, problems);
}

bool isOnlyEnvironment(std::string_view text) {
    if (text.empty()) {
        return false;
    }
    while (!text.empty()) {
        const auto name = nameAtFront(text);
        if (!name) {
            return false;
        }
        text.remove_prefix(kOpening.size() + name->size() + 1);
    }
    return true;
}

std::string withStandIns(std::string_view text, std::string_view standIn) {
    std::string replaced;
    while (!text.empty()) {
        const auto name = nameAtFront(text);
        replaced += name ? standIn : text.substr(0, 1);
        text.remove_prefix(name ? kOpening.size() + name->size() + 1 : 1);
    }
    return replaced;
}

} // namespace core
