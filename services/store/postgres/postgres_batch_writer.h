// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/ports/store.h"
#include "services/store/postgres/binary_copy.h"
#include "services/store/postgres/postgres_error.h"
#include "services/store/postgres/pqxx_compat.h"

#include <optional>
#include <span>
#include <string>
#include <vector>

namespace services {

/// Which way a batch's rows take into log_events (contract.md, D7).
enum class BatchPath {
    Direct, ///< COPY straight in; a double fails the whole batch
    Staged, ///< COPY into a temporary table, then INSERT … ON CONFLICT DO NOTHING, which tells the doubles
};

struct BatchAttempt {
    std::optional<PostgresFailure> failure;
    core::CommitOutcome outcome;
    bool rowsFailed = false;  ///< the failure came while the rows were written
    bool commitBegun = false; ///< the failure came after COMMIT was sent
};

/// Whose offsets and counts a batch moves.
struct BatchOwner {
    std::string clusterId;
    std::string group;
    std::string runId;
    std::string worker;
};

struct RefusedRows {
    std::vector<std::pair<std::uint32_t, PostgresFailure>> rows; ///< ascending
    std::optional<PostgresFailure> failure;
};

/// Writes batches in one transaction each: rows, dead letters, offsets, counts. Rows come first, so that the locks on
/// the offsets are held for the shortest time. Answers every failure of libpqxx as a value.
class PostgresBatchWriter {
public:
    explicit PostgresBatchWriter(BatchOwner owner) : m_owner(std::move(owner)) {}

    void newConnection(PostgresConnection& connection); ///< prepares the statements; throws what libpqxx throws
    BatchAttempt write(PostgresConnection& connection, const core::StoreBatch& batch, BatchPath path);
    /// Which of the rows the table refuses for good, each with its reason; nothing is written. `failure`: the rows
    /// could not even be staged, or the search itself failed.
    RefusedRows findRefused(PostgresConnection& connection, std::span<const core::EventRow> rows);

private:
    void createStaging(PostgresConnection& connection);
    void copyRows(PostgresConnection& connection, std::span<const core::EventRow> rows);
    void stage(PostgresConnection& connection, std::span<const core::EventRow> rows);
    std::vector<std::uint32_t> stageRows(PostgresConnection& connection, pqxx::transaction_base& transaction,
                                         std::span<const core::EventRow> rows);
    void writeDeadLetters(PostgresConnection& connection, pqxx::transaction_base& transaction,
                          std::span<const core::DeadLetter> letters);
    bool advance(pqxx::transaction_base& transaction, const core::StoreBatch& batch, std::size_t alreadyStored);
    void writeAll(PostgresConnection& connection, const core::StoreBatch& batch, BatchPath path, BatchAttempt& attempt);

    BatchOwner m_owner;
    BinaryCopy m_copy;
    bool m_stagingCreated = false; ///< the temporary tables exist on this connection
};

/// The text of an array parameter: {"a","b"}.
std::string arrayText(std::span<const std::string> texts);
std::string arrayText(std::span<const std::int64_t> numbers);

} // namespace services
