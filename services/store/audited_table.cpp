// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/store/audited_table.h"

#include "services/store/postgres/postgres_rows.h"

#include <fmt/format.h>

namespace services {

core::Result<std::unique_ptr<core::AuditedRows>>
openAuditedTable(const StoreOptions& options, const core::AuditedTable& table, std::stop_token stop) {
    if (options.address.postgres() == nullptr) {
        return core::invalid(fmt::format("The table {} is looked for in a PostgreSQL, and the store is {}.",
                                         table.table, options.address.isEmbedded() ? "embedded" : "a SQLite file"),
                             "Name the server with --store postgresql://…");
    }
    return PostgresRows::open(*options.address.postgres(), table, options, std::move(stop));
}

} // namespace services
