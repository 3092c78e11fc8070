// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/units.h"
#include "services/store/postgres/pqxx_compat.h"

namespace services {

/// Partitions of log_events: one for each UTC day of the ids' time, and a DEFAULT partition for everything else
/// (contract.md, D5 and D6).

/// Held by the transaction that changes the schema, tables and partitions alike.
constexpr const char* kSchemaLock = "SELECT pg_advisory_xact_lock(7883954060909569893)";

/// Creates the partitions of the day of `now` and of the two following days where they are missing. Rows of such a day
/// that are in the DEFAULT partition move over in the same transaction. Throws what libpqxx throws.
void createPartitions(PostgresConnection& connection, core::WallTime now);

/// Drops the partitions whose day has ended by then; deletes older rows from DEFAULT and from dead_letters. A plain
/// log_events is left alone. Throws what libpqxx throws.
void dropPartitionsBefore(PostgresConnection& connection, core::WallTime time);

/// How many of those partitions are there; 3 is all.
int partitionsAhead(pqxx::transaction_base& transaction, core::WallTime now);

/// False: somebody has made log_events a plain table, which is as good.
bool isPartitioned(pqxx::transaction_base& transaction);

} // namespace services
