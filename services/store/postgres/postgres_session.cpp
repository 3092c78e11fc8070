// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/store/postgres/postgres_session.h"

#include "services/store/postgres/postgres_schema.h"

#include <fmt/format.h>
#include <pqxx/pqxx>

#include <algorithm>
#include <thread>
#include <utility>

namespace services {

namespace {

constexpr int kStagedAfterDouble = 20; ///< batches; falling back on every batch costs 2.5 times as much
constexpr int kStagedAfterTakeOver = 4;
constexpr int kUnexplained = 3; ///< refusals in a row that no row of the batch explains, until they are taken for final
constexpr std::chrono::milliseconds kPeerGrace{500}; ///< a live peer's transaction is over by then, a zombie's is not

constexpr const char* kFormerOwners = R"(
    SELECT DISTINCT a.pid, a.backend_start::text
    FROM unnest($3::text[], $4::integer[]) AS wanted(topic, partition)
    JOIN kafka_offsets o ON o.cluster_id = $1 AND o.consumer_group = $2 AND o.topic = wanted.topic
        AND o.partition = wanted.partition
    JOIN pg_stat_activity a ON a.pid = o.backend_pid AND a.backend_start = o.backend_start
    WHERE a.pid <> pg_backend_pid() AND a.xact_start IS NOT NULL)";

constexpr const char* kOwn = R"(
    INSERT INTO kafka_offsets AS o (cluster_id, consumer_group, topic, partition, epoch, owner, backend_pid, backend_start)
    SELECT $1, $2, topic, partition, 1, $5, $6::integer, $7::timestamptz
    FROM unnest($3::text[], $4::integer[]) AS wanted(topic, partition) ORDER BY topic, partition
    ON CONFLICT (cluster_id, consumer_group, topic, partition) DO UPDATE SET
        epoch = o.epoch + 1, owner = excluded.owner, backend_pid = excluded.backend_pid,
        backend_start = excluded.backend_start
    RETURNING topic, partition, epoch, next_offset)";

constexpr const char* kRenewBackend = R"(
    UPDATE kafka_offsets o SET backend_pid = $6::integer, backend_start = $7::timestamptz
    FROM unnest($3::text[], $4::integer[], $5::bigint[]) AS ours(topic, partition, epoch)
    WHERE o.cluster_id = $1 AND o.consumer_group = $2 AND o.topic = ours.topic AND o.partition = ours.partition
        AND o.epoch = ours.epoch)";

/// Written pages go to the disk in small portions. Left to the kernel they pile up for half a minute, and the COMMITs
/// behind that pile wait for hundreds of milliseconds. Servers that know no such setting answer no row.
constexpr const char* kWriteSteadily = R"(
    SELECT set_config(name, '1MB', false) FROM pg_settings WHERE name = 'backend_flush_after' AND context = 'user')";

constexpr const char* kSetPosition = R"(
    UPDATE kafka_offsets SET next_offset = $6
    WHERE cluster_id = $1 AND consumer_group = $2 AND topic = $3 AND partition = $4 AND epoch = $5)";

constexpr const char* kPosition = R"(
    SELECT epoch, next_offset FROM kafka_offsets
    WHERE cluster_id = $1 AND consumer_group = $2 AND topic = $3 AND partition = $4)";

std::string topicsOf(const std::vector<core::TopicPartition>& partitions) {
    std::vector<std::string> topics;
    for (const core::TopicPartition& partition : partitions) {
        topics.push_back(partition.topic);
    }
    return arrayText(topics);
}

std::string numbersOf(const std::vector<core::TopicPartition>& partitions) {
    std::vector<std::int64_t> numbers;
    for (const core::TopicPartition& partition : partitions) {
        numbers.push_back(partition.partition.id);
    }
    return arrayText(numbers);
}

/// Rows that COPY did not take, but INSERT may: doubles, two sessions that wait for each other, tables with row-level
/// security (0A000).
bool mayPassStaged(const PostgresFailure& failure) {
    return classOf(failure) == FailureClass::Duplicate || failure.sqlstate == "40P01" || failure.sqlstate == "0A000";
}

bool sameOffsets(std::span<const core::OffsetAdvance> left, std::span<const core::OffsetAdvance> right) {
    return std::ranges::equal(left, right, [](const core::OffsetAdvance& a, const core::OffsetAdvance& b) {
        return a.partition == b.partition && a.epoch == b.epoch && a.from == b.from && a.to == b.to;
    });
}

} // namespace

PostgresSession::PostgresSession(const PostgresSettings& settings, const StoreOptions& options, std::string owner,
                                 SocketWatchdog& watchdog, std::stop_token stop)
    : m_options(options),
      m_owner(std::move(owner)),
      m_link(settings, options.timeout, watchdog, std::move(stop)),
      m_writer({options.clusterId, options.group, options.runId, m_owner}) {
    m_link.onConnect = [this](PostgresConnection& connection) { greet(connection); };
}

core::Status PostgresSession::open() {
    return m_link.call("opening the store", [](PostgresConnection&, Watch&) { return core::Status(); });
}

void PostgresSession::greet(PostgresConnection& connection) {
    m_writer.newConnection(connection);
    connection.query()->exec(kWriteSteadily);
    {
        const auto transaction = connection.begin();
        m_tag = storeTag(*transaction); // a standby that took over, or a restored backup, has another one
        transaction->commit();
    }
    if (m_epochs.empty()) {
        return;
    }
    std::vector<core::TopicPartition> partitions;
    std::vector<std::int64_t> epochs;
    for (const auto& [partition, epoch] : m_epochs) {
        partitions.push_back(partition);
        epochs.push_back(epoch);
    }
    const auto transaction = connection.begin();
    execParams(*transaction, kRenewBackend, m_options.clusterId, m_options.group, topicsOf(partitions),
               numbersOf(partitions), arrayText(epochs), m_link.backend().pid, m_link.backend().started);
    transaction->commit();
}

core::Result<std::vector<core::Ownership>> PostgresSession::own(const std::vector<core::TopicPartition>& partitions) {
    using Owned = core::Result<std::vector<core::Ownership>>;
    m_doubt.reset(); // whoever takes over anew starts from what the store says
    if (partitions.empty()) {
        return std::vector<core::Ownership>{};
    }
    return m_link.call("taking partitions over", [&](PostgresConnection& connection, Watch& watch) -> Owned {
        const std::string topics = topicsOf(partitions);
        const std::string numbers = numbersOf(partitions);
        endFormerOwners(topics, numbers, watch);
        const auto transaction = connection.begin();
        const pqxx::result rows = execParams(*transaction, kOwn, m_options.clusterId, m_options.group, topics, numbers,
                                             m_owner, m_link.backend().pid, m_link.backend().started);
        transaction->commit();
        std::map<core::TopicPartition, core::Ownership> owned;
        for (const auto& row : rows) {
            core::Ownership one{.partition = {row[0].as<std::string>(), {row[1].as<std::int32_t>()}},
                                .epoch = row[2].as<std::int64_t>(),
                                .next = {}};
            if (!row[3].is_null()) {
                one.next = core::Offset{row[3].as<std::int64_t>()};
            }
            if (one.epoch > 1) {
                m_stagedBatches = std::max(m_stagedBatches, kStagedAfterTakeOver);
            }
            m_epochs[one.partition] = one.epoch;
            owned[one.partition] = std::move(one);
        }
        std::vector<core::Ownership> inOrder;
        for (const core::TopicPartition& partition : partitions) {
            inOrder.push_back(owned[partition]);
        }
        return inOrder;
    });
}

void PostgresSession::endFormerOwners(const std::string& topics, const std::string& numbers, Watch& watch) {
    PostgresConnection& connection = m_link.connection();
    const auto patience = std::chrono::steady_clock::now() + kPeerGrace;
    while (!watch.expired()) {
        std::vector<PostgresBackend> busy;
        {
            const auto query = connection.query();
            for (const auto& row :
                 execParams(*query, kFormerOwners, m_options.clusterId, m_options.group, topics, numbers)) {
                busy.push_back({row[0].as<int>(), row[1].as<std::string>()});
            }
        }
        if (busy.empty()) {
            return;
        }
        if (std::chrono::steady_clock::now() >= patience) {
            for (const PostgresBackend& backend : busy) {
                endBackend(connection, backend, watch);
            }
        } else {
            std::this_thread::sleep_for(std::chrono::milliseconds(10));
        }
    }
}

core::Result<core::Ownership> PostgresSession::setPosition(const core::Ownership& owned, core::Offset next) {
    return m_link.call(
        "setting a position", [&](PostgresConnection& connection, Watch&) -> core::Result<core::Ownership> {
            const auto transaction = connection.begin();
            const pqxx::result changed =
                execParams(*transaction, kSetPosition, m_options.clusterId, m_options.group, owned.partition.topic,
                           owned.partition.partition.id, owned.epoch, next.value);
            transaction->commit();
            if (changed.affected_rows() != 1) {
                return core::transient(
                    fmt::format("setting the position of {} [{}]: another consumer has taken the partition over",
                                owned.partition.topic, owned.partition.partition.id));
            }
            return core::Ownership{owned.partition, owned.epoch, next};
        });
}

core::Result<core::CommitOutcome> PostgresSession::commit(const core::StoreBatch& batch, core::Nanoseconds limit) {
    const auto once = [&](PostgresConnection&, Watch& watch) { return commitOnce(batch, watch); };
    const std::string what = fmt::format("storing a batch of {} rows", batch.rows.size());
    auto result = m_link.call(what, limit, once);
    if (!result && m_doubt && !m_doubt->cutOff) {
        result = m_link.call(what, limit, once); // on a new connection, which looks up what became of the COMMIT
    }
    return result;
}

core::Result<core::CommitOutcome> PostgresSession::commitOnce(const core::StoreBatch& batch, Watch& watch) {
    bool unresolved = false;
    if (m_doubt) {
        const Fate fate = sameOffsets(m_doubt->offsets, batch.offsets) ? fateOfDoubt() : Fate::NotCommitted;
        core::CommitOutcome outcome = std::move(m_doubt->outcome);
        m_doubt.reset();
        if (fate == Fate::Committed) {
            return outcome;
        }
        unresolved = fate == Fate::Unknown;
    }
    BatchPath path = m_stagedBatches > 0 ? BatchPath::Staged : BatchPath::Direct;
    BatchAttempt tried = attempt(batch, path, watch);
    if (path == BatchPath::Direct && tried.rowsFailed && tried.failure && mayPassStaged(*tried.failure)) {
        m_stagedBatches = kStagedAfterDouble;
        path = BatchPath::Staged;
        tried = attempt(batch, path, watch);
    }
    if (tried.failure) {
        const FailureClass failed = classOf(*tried.failure);
        if ((tried.rowsFailed || tried.commitBegun) &&
            (failed == FailureClass::BadRecord || failed == FailureClass::Duplicate)) {
            return findBadRows(batch, *tried.failure, watch);
        }
        return m_link.failed(fmt::format("storing a batch of {} rows", batch.rows.size()), *tried.failure, watch);
    }
    m_unexplained = 0;
    tried.outcome.unresolved = unresolved;
    if (!tried.outcome.alreadyStored.empty()) {
        m_stagedBatches = kStagedAfterDouble;
    } else if (path == BatchPath::Staged) {
        --m_stagedBatches;
    }
    return std::move(tried.outcome);
}

BatchAttempt PostgresSession::attempt(const core::StoreBatch& batch, BatchPath path, Watch& watch) {
    BatchAttempt tried = m_writer.write(m_link.connection(), batch, path);
    if (tried.failure && m_link.noteLoss(*tried.failure, watch) && tried.commitBegun) {
        m_doubt = InDoubt{.offsets = {batch.offsets.begin(), batch.offsets.end()},
                          .outcome = std::move(tried.outcome),
                          .cutOff = watch.fired() != SocketWatchdog::Reason::None};
    }
    return tried;
}

/// A new connection has ended the server process of the lost one, so that what the table says now is final.
PostgresSession::Fate PostgresSession::fateOfDoubt() {
    if (m_doubt->offsets.empty()) {
        return Fate::NotCommitted;
    }
    const auto query = m_link.connection().query();
    bool overtaken = false;
    for (const core::OffsetAdvance& offset : m_doubt->offsets) {
        const pqxx::result row = execParams(*query, kPosition, m_options.clusterId, m_options.group,
                                            offset.partition.topic, offset.partition.partition.id);
        if (row.empty() || row[0][1].is_null() || row[0][1].as<std::int64_t>() < offset.to.value) {
            return Fate::NotCommitted;
        }
        overtaken = overtaken || row[0][0].as<std::int64_t>() != offset.epoch;
    }
    // A new owner may have read and stored the same messages.
    return overtaken ? Fate::Unknown : Fate::Committed;
}

core::Result<std::optional<core::CommitOutcome>> PostgresSession::resolve(core::Nanoseconds limit) {
    using Known = std::optional<core::CommitOutcome>;
    if (!m_doubt) {
        return Known();
    }
    return m_link.call(
        "looking a commit up", limit, std::stop_token(), [&](PostgresConnection&, Watch&) -> core::Result<Known> {
            const Fate fate = fateOfDoubt();
            Known known;
            if (fate == Fate::Committed) {
                known = std::move(m_doubt->outcome);
            }
            m_doubt.reset();
            if (fate == Fate::Unknown) {
                return core::transient("another consumer has taken the partitions over since the commit");
            }
            return known;
        });
}

core::Result<core::CommitOutcome> PostgresSession::findBadRows(const core::StoreBatch& batch,
                                                               const PostgresFailure& failure, Watch& watch) {
    core::CommitOutcome outcome;
    outcome.kind = core::CommitOutcome::Kind::BadRows;
    if (auto failed = findBadRows(batch.rows, 0, outcome.badRows)) {
        return m_link.failed("looking for the rows that were refused", *failed, watch);
    }
    if (outcome.badRows.empty() && ++m_unexplained == kUnexplained) { // by a trigger on another table, say
        return m_link.failed(fmt::format("storing a batch of {} rows", batch.rows.size()), failure, watch);
    }
    if (outcome.badRows.empty()) { // what refused the batch is gone
        return core::transient(fmt::format("storing a batch of {} rows: {} (SQLSTATE {}), but no row of it is refused "
                                           "now",
                                           batch.rows.size(), failure.text, failure.sqlstate));
    }
    return outcome;
}

/// A row that cannot even be staged hides what its neighbours are: halves are looked at by themselves.
std::optional<PostgresFailure> PostgresSession::findBadRows(std::span<const core::EventRow> rows, std::size_t first,
                                                            std::vector<core::BadRow>& found) {
    RefusedRows refused = m_writer.findRefused(m_link.connection(), rows);
    const auto isBad = [](const PostgresFailure& failure) {
        const FailureClass failed = classOf(failure);
        return failed == FailureClass::BadRecord || failed == FailureClass::Duplicate;
    };
    if (refused.failure && isBad(*refused.failure)) {
        if (rows.size() > 1) {
            const std::size_t half = rows.size() / 2;
            auto failed = findBadRows(rows.first(half), first, found);
            return failed ? failed : findBadRows(rows.subspan(half), first + half, found);
        }
        refused.rows.emplace_back(0, *std::exchange(refused.failure, std::nullopt));
    }
    for (const auto& [row, failure] : refused.rows) {
        if (!isBad(failure)) {
            return failure;
        }
        found.push_back({static_cast<std::uint32_t>(first + row),
                         fmt::format("the store refuses the row: {} (SQLSTATE {})", failure.text, failure.sqlstate)});
    }
    return refused.failure;
}

} // namespace services
