// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/yaml/problem.h"
#include "core/yaml/yaml_tree.h"

#include <string>
#include <utility>
#include <vector>

namespace core {

/// Gathers what is wrong with a file.
class ProblemList {
public:
    explicit ProblemList(std::string file) : m_file(std::move(file)) {}

    void add(const YamlNode& at, std::string path, std::string message);
    void add(const YamlMark& at, std::string message);
    /// A problem of an override as a whole; `origin` as in YamlNode.
    void addToOverride(const std::string& origin, std::string message);

    std::size_t count() const { return m_problems.size(); }
    /// Those of the file by place, then those of the overrides.
    std::vector<Problem> inOrder() const;

private:
    std::string m_file;
    std::vector<Problem> m_problems;
};

} // namespace core
