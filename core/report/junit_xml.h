// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/results/result_file.h"

#include <string>

namespace core {

/// The verdict for build servers: a test case per rule, one for the ledger, and, where the run itself does not count
/// (invalid, unreachable, internal), one more with an error. A failure names the value and the limit. A rule that could
/// not be evaluated is a failure, as it is for the exit code. A run that was stopped is neither success nor failure:
/// one more case is skipped, and with it what held until then. No two cases have the same name.
std::string junitXml(const RunResult& result);

} // namespace core
