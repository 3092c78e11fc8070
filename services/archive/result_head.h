// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/archive/result_catalogue.h"

#include <filesystem>

namespace services {

/// Reads what a list shows of a run, and nothing beyond the head of its result.json, into `entry`: state, problem and
/// the figures. Without a result it reads the journal.
void readHead(const std::filesystem::path& run, CatalogueEntry& entry);

/// By its word in a result file; Internal where there is no such word.
core::VerdictStatus statusOf(const std::string& name);

} // namespace services
