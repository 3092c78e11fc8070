// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/results/result_file.h"

#include <filesystem>
#include <string>

namespace services {

/// How a run compares with the baseline of its name among the runs beside its folder (core::againstBaseline()), or why
/// that baseline cannot be read. Empty: there is none, or the run itself is it. Reads a result, which may take seconds.
std::string againstBaseline(const core::RunResult& run, const std::filesystem::path& folder);

} // namespace services
