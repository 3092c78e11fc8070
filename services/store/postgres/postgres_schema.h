// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/result.h"
#include "core/units.h"
#include "services/store/postgres/pqxx_compat.h"

#include <optional>
#include <span>
#include <string>
#include <vector>

namespace services {

/// What to say of a server in recovery.
constexpr const char* kStandby = "it is a standby and takes no rows: name the primary";

/// Selects the oids of our tables, partitions included.
constexpr const char* kOurTables =
    "SELECT to_regclass(name) FROM unnest('{log_events,kafka_offsets,run_counts,dead_letters,runs,millrace_store}'"
    "::text[]) AS ours(name) UNION SELECT inhrelid FROM pg_inherits WHERE inhparent = to_regclass('log_events')";

/// Creates the tables that are missing and refuses those of another shape (Refused, with what to do). One transaction
/// under an advisory lock, so any number may do it at the same time. Throws what libpqxx throws.
core::Status createTables(PostgresConnection& connection);

/// A table of ours that is not as it should be, as a sentence with what to do; nothing: it is fine, or not there yet.
std::optional<std::string> wrongShape(pqxx::transaction_base& transaction, const std::string& table);

/// Tables of ours that are missing.
std::vector<std::string> missingTables(pqxx::transaction_base& transaction);

/// The tables of ours that a crash of the server empties ("a, b"); empty: none. Throws as above.
std::string unloggedTables(pqxx::transaction_base& transaction);

/// What others have done to log_events by which rows can be refused or dropped, a sentence each. Throws as above.
std::vector<std::string> foreignConditions(pqxx::transaction_base& transaction);

/// The UUID of this very database, from millrace_store. A copy or a restored backup gets a new one. Throws as above.
std::string storeTag(pqxx::transaction_base& transaction);

/// Creates the search indexes "source", "level", "text" of log_events. Throws as above.
core::Status createIndexes(PostgresConnection& connection, std::span<const std::string> indexes);

} // namespace services
