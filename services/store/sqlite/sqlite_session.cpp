// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/store/sqlite/sqlite_session.h"

#include "core/units.h"
#include "services/store/sqlite/sqlite_transaction.h"

#include <fmt/format.h>

#include <chrono>

namespace services {

namespace {

using Kind = core::CommitOutcome::Kind;

std::int64_t number(std::uint64_t count) {
    return static_cast<std::int64_t>(count);
}

constexpr const char* kInsertRow =
    R"(INSERT INTO log_events (id, level, message, source, "timestamp", trace_id, processed_at)
       VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) ON CONFLICT (id) DO NOTHING)";
constexpr const char* kInsertLetter =
    R"(INSERT INTO dead_letters (cluster_id, topic, partition, kafka_offset, event_id, key, payload, reason, run_id, created_at)
       VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10) ON CONFLICT DO NOTHING)";
constexpr const char* kAdvance =
    R"(UPDATE kafka_offsets SET next_offset = ?6 WHERE cluster_id = ?1 AND consumer_group = ?2 AND topic = ?3
       AND partition = ?4 AND epoch = ?5 AND next_offset = ?7)";
constexpr const char* kOwn =
    R"(INSERT INTO kafka_offsets (cluster_id, consumer_group, topic, partition, next_offset, epoch, owner)
       VALUES (?1, ?2, ?3, ?4, NULL, 1, ?5)
       ON CONFLICT (cluster_id, consumer_group, topic, partition) DO UPDATE SET epoch = epoch + 1, owner = excluded.owner
       RETURNING epoch, next_offset)";
constexpr const char* kSetPosition =
    R"(UPDATE kafka_offsets SET next_offset = ?6 WHERE cluster_id = ?1 AND consumer_group = ?2 AND topic = ?3
       AND partition = ?4 AND epoch = ?5)";
constexpr const char* kAddCounts =
    R"(INSERT INTO run_counts (run_id, worker, polled, stored, duplicate_filter, duplicate_batch, duplicate_store,
                               dead_lettered, foreign_events)
       VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)
       ON CONFLICT (run_id, worker) DO UPDATE SET
           polled = polled + excluded.polled, stored = stored + excluded.stored,
           duplicate_filter = duplicate_filter + excluded.duplicate_filter,
           duplicate_batch = duplicate_batch + excluded.duplicate_batch,
           duplicate_store = duplicate_store + excluded.duplicate_store,
           dead_lettered = dead_lettered + excluded.dead_lettered,
           foreign_events = foreign_events + excluded.foreign_events)";

} // namespace

struct SqliteSession::Statements {
    SqliteStatement insertRow;
    SqliteStatement insertLetter;
    SqliteStatement advance;
    SqliteStatement own;
    SqliteStatement setPosition;
    SqliteStatement addCounts;
};

SqliteSession::SqliteSession(SqliteWriter& writer, const StoreOptions& options, std::string owner)
    : m_writer(writer), m_options(options), m_owner(std::move(owner)) {}

SqliteSession::~SqliteSession() {
    m_writer.perform([this](SqliteDatabase&) { m_statements.reset(); });
}

core::Status SqliteSession::prepareStatements(SqliteDatabase& database) {
    if (m_statements) {
        return {};
    }
    std::vector<SqliteStatement> created;
    for (const char* text : {kInsertRow, kInsertLetter, kAdvance, kOwn, kSetPosition, kAddCounts}) {
        auto statement = database.prepare(text);
        if (!statement) {
            return statement.error();
        }
        created.push_back(std::move(*statement));
    }
    m_statements.reset(new Statements{std::move(created[0]), std::move(created[1]), std::move(created[2]),
                                      std::move(created[3]), std::move(created[4]), std::move(created[5])});
    return {};
}

core::Result<std::vector<core::Ownership>> SqliteSession::own(const std::vector<core::TopicPartition>& partitions) {
    using Owned = core::Result<std::vector<core::Ownership>>;
    return inTransaction<Owned>(m_writer, [&](SqliteDatabase& database) -> Owned {
        if (auto ready = prepareStatements(database); !ready) {
            return ready.error();
        }
        std::vector<core::Ownership> owned;
        for (const core::TopicPartition& partition : partitions) {
            auto taken = takeOver(partition);
            if (!taken) {
                return taken.error();
            }
            owned.push_back(std::move(*taken));
        }
        return owned;
    });
}

core::Result<core::Ownership> SqliteSession::takeOver(const core::TopicPartition& partition) {
    SqliteStatement& statement = m_statements->own;
    const auto row = statement.bind(1, m_options.clusterId)
                         .bind(2, m_options.group)
                         .bind(3, partition.topic)
                         .bind(4, std::int64_t{partition.partition.id})
                         .bind(5, m_owner)
                         .step();
    if (!row) {
        return row.error();
    }
    core::Ownership owned{.partition = partition, .epoch = statement.integer(0), .next = {}};
    if (!statement.null(1)) {
        owned.next = core::Offset{statement.integer(1)};
    }
    statement.reset();
    return owned;
}

core::Result<core::Ownership> SqliteSession::setPosition(const core::Ownership& owned, core::Offset next) {
    using Owned = core::Result<core::Ownership>;
    return inTransaction<Owned>(m_writer, [&](SqliteDatabase& database) -> Owned {
        if (auto ready = prepareStatements(database); !ready) {
            return ready.error();
        }
        const auto done = m_statements->setPosition.bind(1, m_options.clusterId)
                              .bind(2, m_options.group)
                              .bind(3, owned.partition.topic)
                              .bind(4, std::int64_t{owned.partition.partition.id})
                              .bind(5, owned.epoch)
                              .bind(6, next.value)
                              .step();
        if (!done) {
            return done.error();
        }
        if (database.changes() != 1) {
            return core::transient(
                fmt::format("setting the position of {} [{}]: another consumer has taken the partition over",
                            owned.partition.topic, owned.partition.partition.id));
        }
        return core::Ownership{owned.partition, owned.epoch, next};
    });
}

core::Result<core::CommitOutcome> SqliteSession::commit(const core::StoreBatch& batch,
                                                        core::Nanoseconds /*of a local file*/) {
    using Outcome = core::Result<core::CommitOutcome>;
    return inTransaction<Outcome>(
        m_writer, [&](SqliteDatabase& database) -> Outcome { return writeBatch(database, batch); },
        [](const Outcome& outcome) { return outcome && outcome->kind == Kind::Committed; });
}

core::Result<core::CommitOutcome> SqliteSession::writeBatch(SqliteDatabase& database, const core::StoreBatch& batch) {
    if (auto ready = prepareStatements(database); !ready) {
        return ready.error();
    }
    core::CommitOutcome outcome;
    const auto moved = advance(database, batch.offsets); // first: a fenced batch writes no row in vain
    if (!moved) {
        return moved.error();
    }
    if (!*moved) {
        outcome.kind = Kind::Fenced;
        outcome.reason = "another consumer has taken a partition over or moved its offset";
        return outcome;
    }
    if (auto written = writeRows(database, batch.rows, outcome); !written) {
        return written.error();
    }
    if (outcome.kind != Kind::Committed) {
        return outcome;
    }
    if (auto written = writeDeadLetters(batch.deadLetters); !written) {
        return written.error();
    }
    if (auto counted = addCounts(batch, outcome.alreadyStored.size()); !counted) {
        return counted.error();
    }
    return outcome;
}

core::Status SqliteSession::writeRows(SqliteDatabase& database, std::span<const core::EventRow> rows,
                                      core::CommitOutcome& outcome) {
    SqliteStatement& insert = m_statements->insertRow;
    const std::int64_t now = core::microsecondsOf(std::chrono::system_clock::now());
    for (std::size_t i = 0; i < rows.size(); ++i) {
        const core::EventRow& row = rows[i];
        insert.bind(1, row.id).bind(2, core::nameOf(row.level)).bind(3, row.message).bind(4, row.source);
        insert.bind(5, core::microsecondsOf(row.timestamp)).bind(7, now);
        if (row.traceId.empty()) {
            insert.bindNull(6);
        } else {
            insert.bind(6, row.traceId);
        }
        const auto done = insert.step();
        if (!done && database.rowRefused()) {
            outcome.kind = Kind::BadRows; // the others of its kind are looked for at once
            outcome.badRows.push_back({static_cast<std::uint32_t>(i), done.error().text()});
            continue;
        }
        if (!done) {
            return done.error();
        }
        if (database.changes() == 0) {
            outcome.alreadyStored.push_back(static_cast<std::uint32_t>(i));
        }
    }
    return {};
}

core::Status SqliteSession::writeDeadLetters(std::span<const core::DeadLetter> letters) {
    SqliteStatement& insert = m_statements->insertLetter;
    const std::int64_t now = core::microsecondsOf(std::chrono::system_clock::now());
    for (const core::DeadLetter& letter : letters) {
        insert.bind(1, m_options.clusterId).bind(2, letter.partition.topic);
        insert.bind(3, std::int64_t{letter.partition.partition.id}).bind(4, letter.offset.value);
        if (letter.id) {
            insert.bind(5, *letter.id);
        } else {
            insert.bindNull(5);
        }
        insert.bindBytes(6, letter.key).bindBytes(7, letter.payload).bind(8, letter.reason);
        insert.bind(9, m_options.runId).bind(10, now);
        if (const auto done = insert.step(); !done) {
            return done.error();
        }
    }
    return {};
}

core::Result<bool> SqliteSession::advance(SqliteDatabase& database, std::span<const core::OffsetAdvance> offsets) {
    for (const core::OffsetAdvance& offset : offsets) {
        const auto done = m_statements->advance.bind(1, m_options.clusterId)
                              .bind(2, m_options.group)
                              .bind(3, offset.partition.topic)
                              .bind(4, std::int64_t{offset.partition.partition.id})
                              .bind(5, offset.epoch)
                              .bind(6, offset.to.value)
                              .bind(7, offset.from.value)
                              .step();
        if (!done) {
            return done.error();
        }
        if (database.changes() != 1) {
            return false;
        }
    }
    return true;
}

core::Status SqliteSession::addCounts(const core::StoreBatch& batch, std::size_t alreadyStored) {
    const core::ConsumerCounts& counts = batch.counts;
    const auto done = m_statements->addCounts.bind(1, m_options.runId)
                          .bind(2, m_owner)
                          .bind(3, number(counts.polled))
                          .bind(4, number(batch.rows.size() - alreadyStored))
                          .bind(5, number(counts.duplicateFilter))
                          .bind(6, number(counts.duplicateBatch))
                          .bind(7, number(alreadyStored))
                          .bind(8, number(counts.deadLettered))
                          .bind(9, number(counts.foreign))
                          .step();
    return done ? core::Status() : core::Status(done.error());
}

} // namespace services
