// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/store/postgres/postgres_locks.h"

#include "services/store/postgres/postgres_schema.h"

#include <fmt/format.h>
#include <pqxx/pqxx>

namespace services {

std::string lockHolders(pqxx::transaction_base& transaction, const std::string& which) {
    std::string text;
    for (const auto& row : transaction.exec(
             R"(SELECT DISTINCT a.pid, coalesce(nullif(a.application_name, ''), a.backend_type, 'unnamed'), a.usename,
                    coalesce(floor(extract(epoch FROM clock_timestamp() - a.xact_start))::bigint, -1)
                FROM pg_locks l JOIN pg_stat_activity a ON a.pid = l.pid
                WHERE l.granted AND l.pid <> pg_backend_pid()
                    AND coalesce(clock_timestamp() - a.xact_start > interval '1 second', true)
                    AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
                    AND ()" +
             which + ") ORDER BY 4 DESC, 1 LIMIT 3")) {
        const auto seconds = row[3].as<long long>();
        text += fmt::format("{}'{}' of {} (process {}{})", text.empty() ? "" : ", ", row[1].as<std::string>(),
                            row[2].as<std::string>("somebody"), row[0].as<int>(),
                            seconds < 0 ? "" : fmt::format(", for {} s", seconds));
    }
    return text;
}

std::string writeLockHolders(pqxx::transaction_base& transaction) {
    return lockHolders(transaction, fmt::format("l.relation IN ({}) AND l.mode NOT IN ('AccessShareLock', "
                                                "'RowShareLock', 'RowExclusiveLock', 'ShareUpdateExclusiveLock')",
                                                kOurTables));
}

} // namespace services
