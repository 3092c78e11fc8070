// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/ports/search.h"
#include "services/store/store.h"

#include <memory>

namespace services {

/// Opens the store at the address for reading; a file that does not exist is not created. PostgreSQL is asked at
/// the first search only. Invalid: embedded; Refused: the file cannot be read. Of the options, the address and the
/// time-outs count.
core::Result<std::unique_ptr<core::StoreReader>> openStoreReader(const StoreOptions& options);

} // namespace services
