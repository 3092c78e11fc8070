// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/results/result_file.h"

#include <filesystem>

namespace services {

/// The file itself, or result.json in the folder of that name.
std::filesystem::path resultFileOf(const std::filesystem::path& fileOrFolder);

/// Reads a run's result, or, of a run that was killed, what its journal has on record (its ledger is not closed).
/// Invalid, in a sentence: there is neither, it is damaged (with the place), of a newer Millrace, or still running.
core::Result<core::RunResult> readResult(const std::filesystem::path& fileOrFolder);

} // namespace services
