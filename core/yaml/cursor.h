// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/yaml/problem_list.h"
#include "core/yaml/yaml_tree.h"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace core {

/// A node on its way through the check: what it is, where it lies, and where its problems go.
struct Cursor {
    const YamlNode* node;
    std::string path; ///< as streams[0].stages[1].rate
    ProblemList* problems;

    void refuse(std::string message) const { problems->add(*node, path, std::move(message)); }
    /// Refuses a node of the wrong kind; says nothing of a broken one.
    void refuseKind(std::string_view expected) const;

    bool isBroken() const { return node->kind == YamlNode::Kind::Broken; }
    bool isMapping() const { return node->kind == YamlNode::Kind::Mapping; }
    bool isScalar() const { return node->kind == YamlNode::Kind::Scalar; }
    /// A scalar that no YAML reader takes for a number, a date, a boolean or nothing.
    bool isText() const;
    /// A scalar that may be a number or a boolean: neither in quotes nor nothing. Values of the environment may.
    bool isPlain() const;
    bool isNothing() const; ///< a key without a value, ~ or null

    Cursor item(std::size_t index) const;       ///< of a sequence
    Cursor entry(const YamlEntry& entry) const; ///< value of a mapping's entry
};

/// The items of a sequence that is not empty; nothing if it is none.
std::vector<Cursor> readItems(const Cursor& at, std::string_view expected, std::size_t most);

} // namespace core
