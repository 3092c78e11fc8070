// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

/// What people say of runs, in small JSON files of its own, so that results stay as they were written.
namespace services {

/// Of `run`/tags.json; none if it is missing or damaged.
std::vector<std::string> readTags(const std::filesystem::path& run);
/// Of `results`/baselines.json: the name of a run's folder by the name of the scenario.
std::map<std::string, std::string> readBaselines(const std::filesystem::path& results);

} // namespace services
