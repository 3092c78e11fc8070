// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/result.h"
#include "core/results/result_file.h"

#include <filesystem>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace services {

/// In a run's folder until its result takes its place: what services::Journal keeps. A line of its own, then a result
/// document.
inline constexpr const char* kJournalFile = "run.journal";

/// Writes result.json, samples.csv and a .hgrm for each latency into the folder, which exists. Each file appears whole
/// or not at all, and result.json last. If one cannot be written, none is left: Fatal, with what to do.
core::Status writeResult(const core::RunResult& result, const std::filesystem::path& folder);

/// Writes the files, in order, as above; a name and its text each.
core::Status writeWhole(const std::filesystem::path& folder,
                        const std::vector<std::pair<std::string, std::string>>& files);

} // namespace services
