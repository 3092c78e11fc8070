#pragma once

#include "core/verdict/result_file.h"

#include <filesystem>

namespace services {

/// The file itself, or result.json in the folder of that name.
std::filesystem::path resultFileOf(const std::filesystem::path& fileOrFolder);

/// Reads a run's result. Invalid, in a sentence: there is none, it is damaged (with the place), of a newer Millrace, or
/// the folder holds only the journal of a run that was killed.
core::Result<core::RunResult> readResult(const std::filesystem::path& fileOrFolder);

} // namespace services
