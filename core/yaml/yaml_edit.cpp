// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/yaml/yaml_edit.h"

#include "core/text/wording.h"
#include "core/yaml/yaml_change.h"
#include "core/yaml/yaml_entry_edit.h"
#include "core/yaml/yaml_item_edit.h"

#include <fmt/format.h>

#include <algorithm>
#include <functional>

namespace core {

namespace {

using Trail = std::vector<const YamlNode*>;
using Kind = YamlNode::Kind;

/// One edit: what to do with the text, and what must have become of the tree.
struct Edit {
    std::function<Result<std::vector<Replacement>>(const YamlSource&, const YamlPath&)> write;
    std::function<void(YamlNode&, const YamlPath&)> change;
};

Result<std::string> perform(std::string_view text, std::string_view pathText, const Edit& edit) {
    const Result<YamlPath> path = parseYamlPath(pathText);
    if (!path) {
        return path.error();
    }
    YamlReading before = readYaml(text);
    if (before.root.kind == Kind::Broken) {
        return invalid("The text is no YAML at the moment; fix it first.");
    }
    const Result<std::vector<Replacement>> replacements = edit.write(YamlSource(text, before.root), *path);
    if (!replacements) {
        return replacements.error();
    }
    std::string after = replaced(text, *replacements);
    edit.change(before.root, *path);
    if (!sameContent(before.root, readYaml(after).root)) {
        return invalid(fmt::format("{} is written in a way that only the text itself can change.", inQuotes(pathText)));
    }
    return after;
}

/// The entry whose value is the last node of the trail; null: it is no entry's.
const YamlEntry* ownerOf(const Trail& trail, const YamlPath& path) {
    const auto* key = path.empty() ? nullptr : std::get_if<std::string>(&path.back());
    return key == nullptr ? nullptr : trail[trail.size() - 2]->find(*key);
}

Error leadsNowhere(std::string_view what) {
    return invalid(fmt::format("There is no {} at this place any more.", what));
}

/// The value below the missing keys of `path` behind the first of them.
YamlNode nested(const YamlPath& path, std::size_t first, const YamlNode& value) {
    YamlNode node = value;
    for (std::size_t i = path.size(); i > first; --i) {
        YamlNode mapping;
        mapping.kind = Kind::Mapping;
        mapping.entries.push_back({yamlKey(std::get<std::string>(path[i - 1])), std::move(node)});
        node = std::move(mapping);
    }
    return node;
}

bool areKeys(const YamlPath& path, std::size_t first) {
    for (std::size_t i = first; i < path.size(); ++i) {
        if (!std::holds_alternative<std::string>(path[i])) {
            return false;
        }
    }
    return true;
}

Result<std::vector<Replacement>> written(const YamlSource& source, const YamlPath& path, const YamlNode& value,
                                         bool listInLines) {
    const Trail trail = trailOf(source.root(), path);
    const std::size_t known = trail.size() - 1; // steps that lead somewhere
    if (known == path.size()) {
        return valueReplaced(source, trail, path, value);
    }
    const YamlNode& last = *trail.back();
    if (!areKeys(path, known)) {
        return leadsNowhere("item");
    }
    if (last.kind == Kind::Mapping && (!last.entries.empty() || source.isFlow(last))) {
        return entryAdded(source, last, {yamlKey(std::get<std::string>(path[known])), nested(path, known + 1, value)},
                          listInLines);
    }
    if (source.isNothing(last)) {
        return valueReplaced(source, trail, YamlPath(path.begin(), path.begin() + static_cast<std::ptrdiff_t>(known)),
                             nested(path, known, value));
    }
    return leadsNowhere("mapping");
}

/// The path without the mappings that would be empty, up to the next item or the root.
YamlPath wholeOf(const YamlNode& root, YamlPath path) {
    while (path.size() > 1 && std::holds_alternative<std::string>(path.back())) {
        const Trail trail = trailOf(root, path);
        const bool isLast = trail[trail.size() - 2]->entries.size() == 1;
        if (!isLast || !std::holds_alternative<std::string>(path[path.size() - 2])) {
            break;
        }
        path.pop_back();
    }
    return path;
}

Result<std::vector<Replacement>> removed(const YamlSource& source, const YamlPath& path) {
    Trail trail = trailOf(source.root(), path);
    if (path.empty() || trail.size() != path.size() + 1) {
        return leadsNowhere("key");
    }
    trail.pop_back();
    const YamlPath parentPath(path.begin(), path.end() - 1);
    const YamlNode& parent = *trail.back();
    if (const auto* index = std::get_if<std::size_t>(&path.back())) {
        return itemRemoved(source, parent, *index, ownerOf(trail, parentPath));
    }
    if (parent.entries.size() == 1) {
        return valueReplaced(source, trail, parentPath, emptyMapping());
    }
    const YamlEntry* entry = parent.find(std::get<std::string>(path.back()));
    return entryRemoved(source, parent, static_cast<std::size_t>(entry - parent.entries.data()));
}

const YamlNode* sequenceAt(const YamlSource& source, const YamlPath& path, std::size_t index) {
    const YamlNode* node = nodeAt(source.root(), path);
    return node != nullptr && node->kind == Kind::Sequence && index < node->items.size() ? node : nullptr;
}

} // namespace

Result<std::string> setValue(std::string_view text, std::string_view path, const YamlNode& value) {
    return perform(
        text, path,
        {[&value](const YamlSource& source, const YamlPath& at) { return written(source, at, value, false); },
         [&value](YamlNode& root, const YamlPath& at) { nodeMadeAt(root, at) = value; }});
}

Result<std::string> removeAt(std::string_view text, std::string_view path) {
    const auto write = [](const YamlSource& source, const YamlPath& at) {
        return removed(source, wholeOf(source.root(), at));
    };
    const auto change = [](YamlNode& root, const YamlPath& at) { eraseAt(root, wholeOf(root, at)); };
    return perform(text, path, {write, change});
}

Result<std::string> insertItem(std::string_view text, std::string_view path, std::size_t index, const YamlNode& item) {
    const auto write = [&](const YamlSource& source, const YamlPath& at) -> Result<std::vector<Replacement>> {
        const YamlNode* node = nodeAt(source.root(), at);
        if (node == nullptr || source.isNothing(*node)) {
            return index == 0 ? written(source, at, sequenceOf(item), true)
                              : Result<std::vector<Replacement>>(leadsNowhere("item"));
        }
        if (node->kind != Kind::Sequence || index > node->items.size()) {
            return leadsNowhere("list");
        }
        return itemInserted(source, *node, index, item);
    };
    const auto change = [&](YamlNode& root, const YamlPath& at) {
        YamlNode& node = nodeMadeAt(root, at);
        node.kind = Kind::Sequence;
        node.items.insert(node.items.begin() + static_cast<std::ptrdiff_t>(index), item);
    };
    return perform(text, path, {write, change});
}

Result<std::string> copyItem(std::string_view text, std::string_view path, std::size_t index) {
    const auto write = [&](const YamlSource& source, const YamlPath& at) -> Result<std::vector<Replacement>> {
        const YamlNode* sequence = sequenceAt(source, at, index);
        return sequence == nullptr ? Result<std::vector<Replacement>>(leadsNowhere("item"))
                                   : itemCopied(source, *sequence, index);
    };
    const auto change = [&](YamlNode& root, const YamlPath& at) {
        std::vector<YamlNode>& items = nodeMadeAt(root, at).items;
        items.insert(items.begin() + static_cast<std::ptrdiff_t>(index), YamlNode(items[index]));
    };
    return perform(text, path, {write, change});
}

Result<std::string> moveItem(std::string_view text, std::string_view path, std::size_t from, std::size_t to) {
    const auto write = [&](const YamlSource& source, const YamlPath& at) -> Result<std::vector<Replacement>> {
        const YamlNode* sequence = sequenceAt(source, at, std::max(from, to));
        return sequence == nullptr ? Result<std::vector<Replacement>>(leadsNowhere("item"))
                                   : itemMoved(source, *sequence, from, to);
    };
    const auto change = [&](YamlNode& root, const YamlPath& at) {
        std::vector<YamlNode>& items = nodeMadeAt(root, at).items;
        YamlNode item = std::move(items[from]);
        items.erase(items.begin() + static_cast<std::ptrdiff_t>(from));
        items.insert(items.begin() + static_cast<std::ptrdiff_t>(to), std::move(item));
    };
    return perform(text, path, {write, change});
}

} // namespace core
