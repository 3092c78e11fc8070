// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/store/postgres/postgres_batch_writer.h"

#include "core/text/utf8.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <pqxx/pqxx>

namespace services {

namespace {

constexpr const char* kCopyRows =
    R"(COPY log_events (id, level, message, source, "timestamp", trace_id) FROM STDIN (FORMAT binary))";

constexpr const char* kCreateStaging = R"(
    CREATE TEMPORARY TABLE IF NOT EXISTS millrace_staged_rows (
        position integer, id uuid, level text, message text, source text, "timestamp" timestamptz, trace_id text
    ) ON COMMIT DELETE ROWS;
    CREATE TEMPORARY TABLE IF NOT EXISTS millrace_staged_letters (
        topic text, partition integer, kafka_offset bigint, event_id uuid, key bytea, payload bytea, reason text
    ) ON COMMIT DELETE ROWS;
    CREATE TEMPORARY TABLE IF NOT EXISTS millrace_refused_rows (position integer, state text, reason text)
        ON COMMIT DELETE ROWS)";

constexpr const char* kStageRows = "COPY millrace_staged_rows FROM STDIN (FORMAT binary)";

// In the order of the ids, so that two sessions with the same doubles do not wait for each other in a circle.
constexpr const char* kTakeRows = R"(
    WITH inserted AS (
        INSERT INTO log_events (id, level, message, source, "timestamp", trace_id)
        SELECT id, level, message, source, "timestamp", trace_id FROM millrace_staged_rows ORDER BY id
        ON CONFLICT (id) DO NOTHING RETURNING id)
    SELECT position FROM millrace_staged_rows s
    WHERE NOT EXISTS (SELECT FROM inserted i WHERE i.id = s.id) ORDER BY position)";

// Each row in a subtransaction of its own, on the server: one search finds them all, however many they are. What is
// deferred until COMMIT, which names no row, is checked once the row is written, as COMMIT does.
constexpr const char* kFindRefused = R"(
    DO $find$
    DECLARE staged record;
    BEGIN
        FOR staged IN SELECT * FROM millrace_staged_rows ORDER BY position LOOP
            BEGIN
                SET CONSTRAINTS ALL DEFERRED;
                INSERT INTO log_events (id, level, message, source, "timestamp", trace_id)
                VALUES (staged.id, staged.level, staged.message, staged.source, staged."timestamp", staged.trace_id)
                ON CONFLICT (id) DO NOTHING;
                SET CONSTRAINTS ALL IMMEDIATE;
            EXCEPTION WHEN OTHERS THEN
                INSERT INTO millrace_refused_rows VALUES (staged.position, SQLSTATE, SQLERRM);
            END;
        END LOOP;
    END $find$)";

constexpr const char* kStageLetters = "COPY millrace_staged_letters FROM STDIN (FORMAT binary)";

constexpr const char* kTakeLetters = R"(
    INSERT INTO dead_letters (cluster_id, topic, partition, kafka_offset, event_id, key, payload, reason, run_id)
    SELECT $1, topic, partition, kafka_offset, event_id, key, payload, reason, $2 FROM millrace_staged_letters
    ORDER BY topic, partition, kafka_offset
    ON CONFLICT DO NOTHING)";

// Offsets and counts in one round trip; the caller compares the number of offsets moved.
constexpr const char* kAdvance = R"(
    WITH asked AS (
        SELECT * FROM unnest($3::text[], $4::integer[], $5::bigint[], $6::bigint[], $7::bigint[])
            AS a(topic, partition, epoch, from_offset, to_offset)
    ), moved AS (
        UPDATE kafka_offsets o SET next_offset = a.to_offset FROM asked a
        WHERE o.cluster_id = $1 AND o.consumer_group = $2 AND o.topic = a.topic AND o.partition = a.partition
            AND o.epoch = a.epoch AND o.next_offset = a.from_offset
        RETURNING 1
    ), counted AS (
        INSERT INTO run_counts AS r (run_id, worker, polled, stored, duplicate_filter, duplicate_batch, duplicate_store,
                                     dead_lettered, foreign_events)
        VALUES ($8, $9, $10, $11, $12, $13, $14, $15, $16)
        ON CONFLICT (run_id, worker) DO UPDATE SET
            polled = r.polled + excluded.polled, stored = r.stored + excluded.stored,
            duplicate_filter = r.duplicate_filter + excluded.duplicate_filter,
            duplicate_batch = r.duplicate_batch + excluded.duplicate_batch,
            duplicate_store = r.duplicate_store + excluded.duplicate_store,
            dead_lettered = r.dead_lettered + excluded.dead_lettered,
            foreign_events = r.foreign_events + excluded.foreign_events
    )
    SELECT count(*) FROM moved)";

/// The six fields of log_events in the order of kCopyRows.
void addFields(BinaryCopy& copy, const core::EventRow& row) {
    copy.uuid(row.id);
    copy.text(core::nameOf(row.level));
    copy.text(row.message);
    copy.text(row.source);
    copy.timestamp(row.timestamp);
    if (row.traceId.empty()) {
        copy.null();
    } else {
        copy.text(row.traceId);
    }
}

} // namespace

std::string arrayText(std::span<const std::string> texts) {
    std::string array = "{";
    for (const std::string& text : texts) {
        array += array.size() > 1 ? ",\"" : "\"";
        for (const char c : text) {
            if (c == '"' || c == '\\') {
                array += '\\';
            }
            array += c;
        }
        array += '"';
    }
    return array + "}";
}

std::string arrayText(std::span<const std::int64_t> numbers) {
    return fmt::format("{{{}}}", fmt::join(numbers, ","));
}

void PostgresBatchWriter::newConnection(PostgresConnection& connection) {
    m_stagingCreated = false;
    connection.prepare("millrace_advance", kAdvance);
}

BatchAttempt PostgresBatchWriter::write(PostgresConnection& connection, const core::StoreBatch& batch, BatchPath path) {
    BatchAttempt attempt;
    try {
        if (path == BatchPath::Staged || !batch.deadLetters.empty()) {
            createStaging(connection);
        }
        writeAll(connection, batch, path, attempt);
    } catch (...) {
        attempt.failure = currentFailure();
    }
    return attempt;
}

void PostgresBatchWriter::writeAll(PostgresConnection& connection, const core::StoreBatch& batch, BatchPath path,
                                   BatchAttempt& attempt) {
    const auto transaction = connection.begin();
    attempt.rowsFailed = true;
    if (path == BatchPath::Staged && !batch.rows.empty()) {
        attempt.outcome.alreadyStored = stageRows(connection, *transaction, batch.rows);
    } else if (!batch.rows.empty()) {
        copyRows(connection, batch.rows);
    }
    attempt.rowsFailed = false;
    if (!batch.deadLetters.empty()) {
        writeDeadLetters(connection, *transaction, batch.deadLetters);
    }
    if (!advance(*transaction, batch, attempt.outcome.alreadyStored.size())) {
        transaction->abort();
        attempt.outcome = {.kind = core::CommitOutcome::Kind::Fenced,
                           .alreadyStored = {},
                           .badRows = {},
                           .reason = "another consumer has taken a partition over or moved its offset"};
        return;
    }
    attempt.commitBegun = true;
    transaction->commit();
}

RefusedRows PostgresBatchWriter::findRefused(PostgresConnection& connection, std::span<const core::EventRow> rows) {
    RefusedRows found;
    try {
        createStaging(connection);
        const auto transaction = connection.begin();
        stage(connection, rows);
        transaction->exec(kFindRefused);
        for (const auto& row :
             transaction->exec("SELECT position, state, reason FROM millrace_refused_rows ORDER BY position")) {
            found.rows.emplace_back(row[0].as<std::uint32_t>(),
                                    PostgresFailure{row[1].as<std::string>(), row[2].as<std::string>(), false});
        }
        transaction->abort();
    } catch (...) {
        found.failure = currentFailure();
    }
    return found;
}

void PostgresBatchWriter::createStaging(PostgresConnection& connection) {
    if (m_stagingCreated) {
        return;
    }
    connection.query()->exec(kCreateStaging);
    m_stagingCreated = true;
}

void PostgresBatchWriter::copyRows(PostgresConnection& connection, std::span<const core::EventRow> rows) {
    m_copy.start();
    for (const core::EventRow& row : rows) {
        m_copy.row(6);
        addFields(m_copy, row);
    }
    copyIn(connection, kCopyRows, m_copy.finish());
}

void PostgresBatchWriter::stage(PostgresConnection& connection, std::span<const core::EventRow> rows) {
    m_copy.start();
    std::int32_t position = 0;
    for (const core::EventRow& row : rows) {
        m_copy.row(7);
        m_copy.integer(position++);
        addFields(m_copy, row);
    }
    copyIn(connection, kStageRows, m_copy.finish());
}

std::vector<std::uint32_t> PostgresBatchWriter::stageRows(PostgresConnection& connection,
                                                          pqxx::transaction_base& transaction,
                                                          std::span<const core::EventRow> rows) {
    stage(connection, rows);
    std::vector<std::uint32_t> alreadyStored;
    for (const auto& row : transaction.exec(kTakeRows)) {
        alreadyStored.push_back(row[0].as<std::uint32_t>());
    }
    return alreadyStored;
}

void PostgresBatchWriter::writeDeadLetters(PostgresConnection& connection, pqxx::transaction_base& transaction,
                                           std::span<const core::DeadLetter> letters) {
    m_copy.start();
    for (const core::DeadLetter& letter : letters) {
        m_copy.row(7);
        m_copy.text(letter.partition.topic);
        m_copy.integer(letter.partition.partition.id);
        m_copy.bigint(letter.offset.value);
        if (letter.id) {
            m_copy.uuid(*letter.id);
        } else {
            m_copy.null();
        }
        m_copy.text(letter.key);
        m_copy.text(letter.payload);
        m_copy.text(core::repairedText(letter.reason, "?")); // U+FFFD has no place in a database in Latin-1
    }
    copyIn(connection, kStageLetters, m_copy.finish());
    execParams(transaction, kTakeLetters, m_owner.clusterId, m_owner.runId);
}

bool PostgresBatchWriter::advance(pqxx::transaction_base& transaction, const core::StoreBatch& batch,
                                  std::size_t alreadyStored) {
    std::vector<std::string> topics;
    std::vector<std::int64_t> partitions;
    std::vector<std::int64_t> epochs;
    std::vector<std::int64_t> from;
    std::vector<std::int64_t> to;
    for (const core::OffsetAdvance& offset : batch.offsets) {
        topics.push_back(offset.partition.topic);
        partitions.push_back(offset.partition.partition.id);
        epochs.push_back(offset.epoch);
        from.push_back(offset.from.value);
        to.push_back(offset.to.value);
    }
    const core::ConsumerCounts& counts = batch.counts;
    const pqxx::result moved =
        execPrepared(transaction, "millrace_advance", m_owner.clusterId, m_owner.group, arrayText(topics),
                     arrayText(partitions), arrayText(epochs), arrayText(from), arrayText(to), m_owner.runId,
                     m_owner.worker, counts.polled, batch.rows.size() - alreadyStored, counts.duplicateFilter,
                     counts.duplicateBatch, alreadyStored, counts.deadLettered, counts.foreign);
    return moved[0][0].as<std::size_t>() == batch.offsets.size();
}

} // namespace services
