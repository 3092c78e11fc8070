// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/target/store_address.h"

#include <string>

namespace services {

/// Reads a store's address, PostgreSQL's as libpq does.
core::Result<core::StoreAddress> readStoreAddress(const std::string& text);

/// The same where a place must be named: a SQLite file or a PostgreSQL.
core::Result<core::StoreAddress> readPlace(const std::string& text);

} // namespace services
