// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/target/store_address.h"

#include <string>

namespace services {

/// Reads a store's address, PostgreSQL's as libpq does.
core::Result<core::StoreAddress> readStoreAddress(const std::string& text);

/// Invalid where the address names neither a SQLite file nor a PostgreSQL.
core::Status namesPlace(const core::StoreAddress& address);

} // namespace services
