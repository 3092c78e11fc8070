// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/ports/search.h"
#include "core/target/store_address.h"
#include "services/store/sqlite/sqlite_database.h"
#include "services/store/store.h"

namespace services {

/// Searches an SQLite store. Row by row, so that limit, time-out and stop are looked at between any two rows; each
/// page sees one state of the file, which writers do not wait for. In either case: of the ASCII letters only.
class SqliteReader : public core::StoreReader {
public:
    static core::Result<std::unique_ptr<core::StoreReader>> open(const core::SqliteAddress& address,
                                                                 const StoreOptions& options);

    core::Result<core::LogPage> search(const core::LogQuery& query, std::stop_token stop) override;
    core::Result<std::vector<core::StoredRun>> runs(std::uint32_t most, std::stop_token stop) override;
    core::Result<std::optional<std::string>> runHead(const std::string& id, std::stop_token stop) override;
    std::string describe() const override;

private:
    SqliteReader(std::string path, std::unique_ptr<SqliteDatabase> database);

    std::string m_path;
    std::unique_ptr<SqliteDatabase> m_database;
};

} // namespace services
