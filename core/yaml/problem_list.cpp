// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/yaml/problem_list.h"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>

namespace core {

void ProblemList::add(const YamlNode& at, std::string path, std::string message) {
    if (at.origin.empty()) {
        m_problems.push_back({m_file, at.start.line, at.start.column, std::move(path), std::move(message)});
    } else {
        m_problems.push_back({at.origin, 0, 0, std::move(path), std::move(message)});
    }
}

void ProblemList::add(const YamlMark& at, std::string message) {
    m_problems.push_back({m_file, at.line, at.column, "", std::move(message)});
}

void ProblemList::addToOverride(const std::string& origin, std::string message) {
    m_problems.push_back({origin, 0, 0, "", std::move(message)});
}

std::vector<Problem> ProblemList::inOrder() const {
    std::vector<Problem> sorted = m_problems;
    const auto place = [](const Problem& problem) {
        return std::tuple(problem.line == 0, problem.line, problem.column);
    };
    std::ranges::stable_sort(sorted, {}, place);
    return sorted;
}

std::string Problem::text() const {
    std::string out = line == 0 ? file : fmt::format("{}:{}:{}", file, line, column);
    const bool alreadyNamed = line == 0 && file.ends_with(" " + path); // '--set seed: seed: …' says it twice
    if (!path.empty() && !alreadyNamed) {
        out += ": " + path;
    }
    return out + ": " + message;
}

} // namespace core
