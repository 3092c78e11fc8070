// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/ports/store.h"
#include "core/target/store_address.h"
#include "services/store/sqlite/sqlite_writer.h"
#include "services/store/store.h"

namespace services {

/// The embedded store: one SQLite file (WAL, synchronous=normal). Its columns have PostgreSQL's names; ids are blobs of
/// 16 bytes (hex(id) shows them), times are integers, microseconds since 1970-01-01 UTC.
class SqliteStore : public core::Store {
public:
    static core::Result<std::unique_ptr<SqliteStore>> open(const core::SqliteAddress& address,
                                                           const StoreOptions& options);

    core::Status prepare(core::WallTime now) override;
    core::Status dropBefore(core::WallTime time) override;
    core::Result<std::unique_ptr<core::StoreSession>> session(const std::string& owner, std::stop_token stop) override;
    core::Result<std::string> tag() override;
    core::Status registerRun(const std::string& runId, const std::string& headJson, core::WallTime started) override;
    core::Status finishRun(const std::string& runId, const std::string& headJson) override;
    core::Result<core::ConsumerCounts> runCounts(const std::string& runId) override;
    core::Status eachId(const core::RunIdentity& run, const std::function<void(const core::StoredId&)>& take) override;
    core::Result<std::vector<std::pair<core::TopicPartition, core::Offset>>> positions() override;
    std::string describe() const override;
    std::vector<std::pair<std::string, std::string>> facts() override;

    core::Status addIndexes(std::span<const std::string> indexes);

private:
    SqliteStore(std::string path, const StoreOptions& options, std::unique_ptr<SqliteDatabase> database);
    core::Result<std::unique_ptr<SqliteDatabase>> reader() const;

    std::string m_path;
    StoreOptions m_options;
    SqliteWriter m_writer;
};

} // namespace services
