// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/store/postgres/pqxx_compat.h"

#include <string>

namespace services {

/// Who has held such locks for more than a second: "'backup' of admin (process 4711, for 312 s)", three at most; empty:
/// nobody. `which` is a condition on pg_locks AS l. Throws what libpqxx throws.
std::string lockHolders(pqxx::transaction_base& transaction, const std::string& which);

/// Of the tables of ours, in a way that lets nobody write.
std::string writeLockHolders(pqxx::transaction_base& transaction);

} // namespace services
