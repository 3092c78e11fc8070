// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/analysis/run_audit.h"

#include <filesystem>
#include <string>

namespace services {

/// What a run's result.json or, of one that was killed, its journal says of its ids. Errors as readResult().
core::Result<core::KnownRun> readKnownRun(const std::filesystem::path& fileOrFolder);

/// The same from the head of a result, as the table runs keeps it; it names no streams. Invalid where it is none.
core::Result<core::KnownRun> knownRunOfHead(const std::string& json);

} // namespace services
