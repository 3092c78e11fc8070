// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/scenario/scenario.h"
#include "core/target/postgres_address.h"
#include "core/yaml/problem.h"

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace core {

struct ScenarioReading {
    std::optional<Scenario> scenario; ///< only if there is no problem
    std::vector<Problem> problems;    ///< all of them, in file order
    /// Where there are problems, but none of streams and warm-up: these, and of the rest what could be read.
    std::optional<Scenario> load{};
};

struct ReaderOptions {
    /// Looks up ${NAME}; nothing: not set.
    std::function<std::optional<std::string>(const std::string& name)> environment;
    /// --set PATH=VALUE, applied to the tree before it is checked; the value is YAML.
    std::vector<std::pair<std::string, std::string>> overrides;
    /// Folder against which relative message files are resolved: the scenario file's own.
    std::string folder;
    /// Judges a rule of a run that is consumed so, and answers what is wrong with it; left out: rules are taken as they
    /// are. (Their grammar is that of Threshold::parse, which lies above this layer.)
    std::function<std::optional<std::string>(const ThresholdSpec& rule, ConsumedBy consumer)> checkRule;
    /// Reads a PostgreSQL address; left out: none is accepted. (libpq does it, which core does not know.)
    ReadPostgres readPostgres;
};

/// Reads a scenario strictly: every problem is named with its place; nothing is guessed.
ScenarioReading readScenario(std::string_view text, const std::string& fileName, const ReaderOptions& options);

} // namespace core
