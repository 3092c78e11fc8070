// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/target/store_address.h"
#include "services/archive/result_catalogue.h"

#include <stop_token>
#include <vector>

namespace app {

/// The runs that a store knows, the newest first, 1,000 at most: names, verdicts and tags, without figures or
/// files. May block for seconds; a stop ends it within 100 ms. Errors as core::StoreReader.
core::Result<std::vector<services::CatalogueEntry>> runsStoredAt(const core::StoreAddress& store,
                                                                 const std::stop_token& stop);

} // namespace app
