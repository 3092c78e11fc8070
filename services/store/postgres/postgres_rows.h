// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/ports/audited_rows.h"
#include "core/scenario/scenario.h"
#include "services/store/postgres/postgres_link.h"
#include "services/store/postgres/socket_watchdog.h"
#include "services/store/store.h"

#include <cstdint>
#include <deque>
#include <map>
#include <string>

namespace services {

/// Reads somebody else's table in PostgreSQL by binary COPY, two columns of it.
class PostgresRows final : public core::AuditedRows {
public:
    /// Asks the server at once what the table looks like. Errors as core::AuditedRows.
    static core::Result<std::unique_ptr<core::AuditedRows>> open(const core::PostgresAddress& address,
                                                                 const core::AuditedTable& table,
                                                                 const StoreOptions& options, std::stop_token stop);

    const core::AuditedTableFacts& facts() const override { return m_facts; }
    core::Status each(const Take& take, const std::stop_token& stop) override;
    core::Status followed(const Take& take, const std::stop_token& stop) override;
    std::string describe() const override { return m_link.description(); }
    std::vector<std::pair<std::string, std::string>> serverFacts() override;

private:
    using Watch = SocketWatchdog::Watch;

    /// A table with pages of its own: the table itself, or a partition.
    struct Heap {
        std::string name;
        std::int64_t pages = 0; ///< as the last look found
        std::int64_t first = 0; ///< pages that it had when it was opened
    };
    /// What a look saw: every transaction from `nextTransaction` on writes behind these pages.
    struct Look {
        std::uint64_t nextTransaction = 0;
        std::map<std::string, std::int64_t> pages; ///< by heap
    };

    PostgresRows(PostgresSettings settings, const StoreOptions& options, std::stop_token stop);
    core::Status examine(PostgresConnection& connection, const core::AuditedTable& table);
    core::Status findTable(pqxx::transaction_base& query, const std::string& name);
    core::Status findColumns(pqxx::transaction_base& query, const core::AuditedTable& table);
    core::Status findStoredAt(pqxx::transaction_base& query, const core::AuditedTable& table, const std::string& type);
    void measureClock(PostgresConnection& connection);
    std::vector<Heap> heaps(pqxx::transaction_base& query) const;
    void copy(PostgresConnection& connection, Watch& watch, const std::string& from, bool added,
              const Take& take) const;

    std::string m_oid;
    char m_kind = 'r';                        ///< pg_class.relkind
    std::string m_idColumn, m_storedAtColumn; ///< as expressions of SQL
    bool m_idIsText = false;
    core::AuditedTableFacts m_facts;
    std::map<std::string, std::int64_t> m_firstPages; ///< by heap, when it was opened
    std::deque<Look> m_looks;                         ///< oldest first; those that a look may still go back to
    std::uint64_t m_oldestOpen = 0;                   ///< at the last look: no transaction before it is open

    SocketWatchdog m_watchdog; ///< outlives the link
    PostgresLink m_link;
};

} // namespace services
