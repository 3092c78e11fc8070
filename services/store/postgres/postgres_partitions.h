// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/result.h"
#include "core/units.h"
#include "services/store/postgres/pqxx_compat.h"

#include <functional>
#include <string>
#include <vector>

namespace services {

/// Partitions of log_events: one for each UTC day of the ids' time, and a DEFAULT partition for everything else
/// (contract.md, D5 and D6).

/// Held by the transaction that changes the schema, tables and partitions alike.
constexpr const char* kSchemaLock = "SELECT pg_advisory_xact_lock(7883954060909569893)";

/// Creates the partitions of the day of `now` and of the two following days where they are missing, each in its own
/// transaction. Rows of such a day that are in the DEFAULT partition move over in the same transaction. Nobody has to
/// wait behind us for long: a lock that is not ours at once is asked for again a little later, as long as `goOn`; once
/// only (1.2 s) where not `patient`. What cannot be created (rights, somebody holds the table) is answered, a sentence
/// each, where today's rows have a place all the same, else it is an error. Throws what libpqxx throws.
core::Result<std::vector<std::string>> createPartitions(PostgresConnection& connection, core::WallTime now,
                                                        bool patient, const std::function<bool()>& goOn);

/// Why createPartitions() would leave a day out, as far as it can be seen without trying; a sentence each.
std::vector<std::string> partitionObstacles(pqxx::transaction_base& transaction, core::WallTime now);

/// Drops the partitions whose day has ended by then; deletes older rows from DEFAULT and from dead_letters. A plain
/// log_events is left alone. Throws what libpqxx throws.
void dropPartitionsBefore(PostgresConnection& connection, core::WallTime time);

/// How many of those partitions are there; 3 is all.
int partitionsAhead(pqxx::transaction_base& transaction, core::WallTime now);

/// False: somebody has made log_events a plain table, which is as good.
bool isPartitioned(pqxx::transaction_base& transaction);

} // namespace services
