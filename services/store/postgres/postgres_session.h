// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/ports/store.h"
#include "services/store/postgres/postgres_batch_writer.h"
#include "services/store/postgres/postgres_link.h"
#include "services/store/store.h"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace services {

/// A consumer's connection to PostgreSQL. The rules are contract.md's: D3 (ownership and fencing), D7 (straight
/// COPY, staging after a double), D8 (counts in the transaction), D9 (a lost reply is looked up), D14 (kinds of
/// errors).
class PostgresSession : public core::StoreSession {
public:
    PostgresSession(const PostgresSettings& settings, const StoreOptions& options, std::string owner,
                    SocketWatchdog& watchdog, std::stop_token stop);

    core::Status open(); ///< connects now, so that a refusal shows
    core::Result<std::vector<core::Ownership>> own(const std::vector<core::TopicPartition>& partitions) override;
    core::Result<core::Ownership> setPosition(const core::Ownership& owned, core::Offset next) override;
    core::Result<core::CommitOutcome> commit(const core::StoreBatch& batch, core::Nanoseconds limit) override;
    core::Result<std::optional<core::CommitOutcome>> resolve(core::Nanoseconds limit) override;
    std::string tag() const override { return m_tag; }

private:
    using Watch = PostgresLink::Watch;

    /// A commit whose reply was lost, until it is known what became of it.
    struct InDoubt {
        std::vector<core::OffsetAdvance> offsets;
        core::CommitOutcome outcome; ///< what it is if it was committed
        bool cutOff = false;         ///< by us: the time of this call is used up
    };
    enum class Fate { Committed, NotCommitted, Unknown };

    core::Result<core::CommitOutcome> commitOnce(const core::StoreBatch& batch, Watch& watch);
    core::Result<core::CommitOutcome> findBadRows(const core::StoreBatch& batch, const PostgresFailure& failure,
                                                  Watch& watch);
    std::optional<PostgresFailure> findBadRows(std::span<const core::EventRow> rows, std::size_t first,
                                               std::vector<core::BadRow>& found);
    BatchAttempt attempt(const core::StoreBatch& batch, BatchPath path, Watch& watch);
    Fate fateOfDoubt();
    void endFormerOwners(const std::string& topics, const std::string& numbers, Watch& watch);
    void greet(PostgresConnection& connection);

    StoreOptions m_options;
    std::string m_owner;
    PostgresLink m_link;
    PostgresBatchWriter m_writer;
    std::map<core::TopicPartition, std::int64_t> m_epochs; ///< of the partitions taken over by this session
    std::optional<InDoubt> m_doubt;
    std::string m_tag;
    int m_unexplained = 0;   ///< refusals in a row of batches none of whose rows is refused
    int m_stagedBatches = 0; ///< how many more go through staging
};

} // namespace services
