// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/ports/store.h"
#include "services/store/sqlite/sqlite_writer.h"
#include "services/store/store.h"

#include <optional>

namespace services {

/// A consumer's way into the SQLite file; every call is one transaction on the writer's thread.
class SqliteSession : public core::StoreSession {
public:
    SqliteSession(SqliteWriter& writer, const StoreOptions& options, std::string owner);
    ~SqliteSession() override;

    core::Result<std::vector<core::Ownership>> own(const std::vector<core::TopicPartition>& partitions) override;
    core::Result<core::Ownership> setPosition(const core::Ownership& owned, core::Offset next) override;
    core::Result<core::CommitOutcome> commit(const core::StoreBatch& batch, core::Nanoseconds limit) override;
    core::Result<std::optional<core::CommitOutcome>> resolve(core::Nanoseconds) override {
        return std::optional<core::CommitOutcome>(); // no reply is lost within a process
    }

private:
    struct Statements;

    core::Status prepareStatements(SqliteDatabase& database);
    core::Result<core::CommitOutcome> writeBatch(SqliteDatabase& database, const core::StoreBatch& batch);
    core::Status writeRows(SqliteDatabase& database, std::span<const core::EventRow> rows,
                           core::CommitOutcome& outcome);
    core::Status writeDeadLetters(std::span<const core::DeadLetter> letters);
    core::Result<bool> advance(SqliteDatabase& database, std::span<const core::OffsetAdvance> offsets);
    core::Status addCounts(const core::StoreBatch& batch, std::size_t alreadyStored);
    core::Result<core::Ownership> takeOver(const core::TopicPartition& partition);

    SqliteWriter& m_writer;
    StoreOptions m_options;
    std::string m_owner;
    std::unique_ptr<Statements> m_statements; ///< belongs to the writer's thread
};

} // namespace services
