// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/target/postgres_address.h"

namespace services {

/// What a URL means, asked of libpq's own parser (PQconninfoParse), so that what is hidden and checked is what will be
/// used to connect. Secrets are the keywords that libpq itself marks as passwords. The error does not repeat the URL.
core::Result<core::PostgresAddress> readPostgresUrl(const std::string& url);

} // namespace services
