// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/store/postgres/postgres_store.h"

#include "core/units.h"
#include "services/store/id_range.h"
#include "services/store/postgres/postgres_partitions.h"
#include "services/store/postgres/postgres_schema.h"
#include "services/store/postgres/postgres_session.h"

#include <fmt/format.h>
#include <pqxx/pqxx>

namespace services {

namespace {

using Watch = SocketWatchdog::Watch;

constexpr int kOldestServer = 130'000; ///< gen_random_uuid() and primary keys on partitioned tables with ON CONFLICT

} // namespace

PostgresStore::PostgresStore(PostgresSettings settings, const StoreOptions& options, std::stop_token stop)
    : m_options(options),
      m_settings(std::move(settings)),
      m_link(m_settings, options.timeout, m_watchdog, std::move(stop)) {}

core::Result<std::unique_ptr<PostgresStore>> PostgresStore::open(const core::PostgresAddress& address,
                                                                 const StoreOptions& options, std::stop_token stop) {
    PostgresSettings settings = PostgresSettings::create(address, options.timeout, options.lockTimeout);
    settings.passOverStandbys();
    std::unique_ptr<PostgresStore> store(new PostgresStore(std::move(settings), options, std::move(stop)));
    const core::Status reached =
        store->m_link.call("opening the store", [&](PostgresConnection& connection, Watch&) -> core::Status {
            if (connection.serverVersion() >= kOldestServer) {
                return {};
            }
            return core::refused(fmt::format("{}: its version {} is too old: PostgreSQL 13 or later is needed",
                                             store->describe(), connection.serverVersion() / 10'000));
        });
    if (!reached) {
        return reached.error();
    }
    store->m_settings.description = store->m_link.description(); // of several servers the one that is used
    return store;
}

core::Status PostgresStore::prepare(core::WallTime now) {
    return m_link.call("creating the tables", [&](PostgresConnection& connection, Watch& watch) -> core::Status {
        if (connection.query()->exec("SELECT pg_is_in_recovery()")[0][0].as<bool>()) {
            return core::refused(fmt::format("{}: {}.", describe(), kStandby));
        }
        if (auto created = createTables(connection); !created) {
            return core::Error{created.error().kind, fmt::format("{}: {}", describe(), created.error().text())};
        }
        auto left = createPartitions(connection, now, m_shortcomings.empty(), [&watch] { return !watch.expired(); });
        if (!left) {
            return core::Error{left.error().kind, fmt::format("{}: {}", describe(), left.error().text())};
        }
        m_shortcomings = std::move(*left);
        return {};
    });
}

core::Status PostgresStore::dropBefore(core::WallTime time) {
    return m_link.call("forgetting old events", [&](PostgresConnection& connection, Watch&) -> core::Status {
        dropPartitionsBefore(connection, time);
        return {};
    });
}

core::Result<std::unique_ptr<core::StoreSession>> PostgresStore::session(const std::string& owner,
                                                                         std::stop_token stop) {
    auto session = std::make_unique<PostgresSession>(m_settings, m_options, owner, m_watchdog, std::move(stop));
    if (auto opened = session->open(); !opened) {
        return opened.error();
    }
    return std::unique_ptr<core::StoreSession>(std::move(session));
}

core::Result<std::string> PostgresStore::tag() {
    return m_link.call("reading the store's tag",
                       [](PostgresConnection& connection, Watch&) -> core::Result<std::string> {
                           const auto transaction = connection.begin();
                           std::string tag = storeTag(*transaction);
                           transaction->commit();
                           return tag;
                       });
}

core::Status PostgresStore::registerRun(const std::string& runId, const std::string& headJson, core::WallTime started) {
    return m_link.call("writing the run", [&](PostgresConnection& connection, Watch&) -> core::Status {
        const auto transaction = connection.begin();
        execParams(*transaction,
                   "INSERT INTO runs (id, started, clocks, head) "
                   "VALUES ($1, 'epoch'::timestamptz + $2::bigint * interval '1 microsecond', "
                   "$3::jsonb -> 'clocks', $3::jsonb) "
                   "ON CONFLICT (id) DO UPDATE SET head = excluded.head",
                   runId, core::microsecondsOf(started), headJson);
        transaction->commit();
        return {};
    });
}

core::Status PostgresStore::finishRun(const std::string& runId, const std::string& headJson) {
    return m_link.call("writing the run's result", [&](PostgresConnection& connection, Watch&) -> core::Status {
        const auto transaction = connection.begin();
        execParams(*transaction, "UPDATE runs SET head = $2::jsonb WHERE id = $1", runId, headJson);
        transaction->commit();
        return {};
    });
}

core::Result<core::ConsumerCounts> PostgresStore::runCounts(const std::string& runId) {
    return m_link.call("reading the run's counts",
                       [&](PostgresConnection& connection, Watch&) -> core::Result<core::ConsumerCounts> {
                           const auto query = connection.query();
                           const pqxx::result sums =
                               execParams(*query,
                                          "SELECT coalesce(sum(polled), 0), coalesce(sum(stored), 0), "
                                          "coalesce(sum(duplicate_filter), 0), coalesce(sum(duplicate_batch), 0), "
                                          "coalesce(sum(duplicate_store), 0), coalesce(sum(dead_lettered), 0), "
                                          "coalesce(sum(foreign_events), 0) FROM run_counts WHERE run_id = $1",
                                          runId);
                           const auto sum = [&sums](int column) { return sums[0][column].as<std::uint64_t>(); };
                           return core::ConsumerCounts{.polled = sum(0),
                                                       .stored = sum(1),
                                                       .duplicateFilter = sum(2),
                                                       .duplicateBatch = sum(3),
                                                       .duplicateStore = sum(4),
                                                       .deadLettered = sum(5),
                                                       .foreign = sum(6)};
                       });
}

core::Status PostgresStore::eachId(const core::RunIdentity& run,
                                   const std::function<void(const core::StoredId&)>& take) {
    const std::string from = lowestIdAt(run.from).text();
    const std::string until = lowestIdAfter(run.until).text();
    return m_link.call("reading the stored ids", [&](PostgresConnection& connection, Watch& watch) -> core::Status {
        const auto transaction = connection.begin();
        transaction->exec("SET LOCAL statement_timeout = 0"); // the watch bounds each step instead of the whole
        std::uint64_t rows = 0;
        const auto copy = [&](const char* table, const char* column, bool deadLettered) {
            const std::string statement =
                fmt::format("COPY (SELECT {1} FROM {0} WHERE {1} >= '{2}' AND {1} < '{3}') TO STDOUT (FORMAT binary)",
                            table, column, from, until);
            copyOut(connection, statement.c_str(), [&](std::string_view message) {
                if (++rows % 4096 == 0) {
                    watch.progress();
                }
                const auto id = idOfCopiedRow(message);
                if (id && run.own(*id)) {
                    take({*id, deadLettered});
                }
            });
        };
        copy("log_events", "id", false);
        copy("dead_letters", "event_id", true);
        transaction->commit();
        return {};
    });
}

core::Result<std::optional<std::uint64_t>> PostgresStore::rowsOf(const core::RunIdentity& run, core::WallTime from,
                                                                 core::WallTime until) {
    using Rows = std::optional<std::uint64_t>;
    // Behind its first eight bytes an id holds the variant and the run's tag, in 20 bits. As bytes, since texts of ids
    // take thrice as long: 2 million rows in 0.26 s.
    const auto bytes = core::EventId::compose({.due = run.from, .runTag = run.runTag}).bytes;
    const std::string most = fmt::format("\\x{:02x}{:02x}", bytes[8], bytes[9]);
    const std::string first = lowestIdAt(from).text();
    const std::string behind = lowestIdAt(until).text();
    return m_link.call("counting the run's rows", [&](PostgresConnection& connection, Watch&) -> core::Result<Rows> {
        const auto query = connection.query();
        return Rows(execParams(*query,
                               "SELECT count(*) FROM log_events WHERE id >= $1::uuid AND id < $2::uuid "
                               "AND substring(uuid_send(id) from 9 for 2) = $3::bytea "
                               "AND get_byte(uuid_send(id), 10) >> 4 = $4",
                               first, behind, most, bytes[10] >> 4)[0][0]
                        .as<std::uint64_t>());
    });
}

core::Result<std::vector<std::pair<core::TopicPartition, core::Offset>>> PostgresStore::positions() {
    using Positions = std::vector<std::pair<core::TopicPartition, core::Offset>>;
    return m_link.call("reading the positions", [&](PostgresConnection& connection, Watch&) -> core::Result<Positions> {
        const auto query = connection.query();
        Positions positions;
        for (const auto& row :
             execParams(*query,
                        "SELECT topic, partition, next_offset FROM kafka_offsets WHERE cluster_id = $1 "
                        "AND consumer_group = $2 AND next_offset IS NOT NULL ORDER BY topic, partition",
                        m_options.clusterId, m_options.group)) {
            positions.push_back({{row[0].as<std::string>(), {row[1].as<std::int32_t>()}}, {row[2].as<std::int64_t>()}});
        }
        return positions;
    });
}

std::string PostgresStore::describe() const {
    return m_settings.description;
}

std::vector<std::pair<std::string, std::string>> PostgresStore::facts() {
    using Facts = std::vector<std::pair<std::string, std::string>>;
    auto facts = m_link.call("reading the settings", [](PostgresConnection& connection, Watch&) -> core::Result<Facts> {
        const auto query = connection.query();
        Facts found{{"store", "PostgreSQL"}};
        for (const char* name : {"server_version", "fsync", "synchronous_commit", "shared_buffers", "max_wal_size"}) {
            found.emplace_back(name, execParams(*query, "SELECT current_setting($1)", name)[0][0].as<std::string>());
        }
        found[1].first = "version";
        if (std::string tables = unloggedTables(*query); !tables.empty()) {
            found.emplace_back("unlogged", std::move(tables));
        }
        return found;
    });
    return facts ? std::move(*facts) : Facts{{"store", "PostgreSQL"}};
}

core::Status PostgresStore::addIndexes(std::span<const std::string> indexes) {
    return m_link.call("adding indexes",
                       [&](PostgresConnection& connection, Watch&) { return createIndexes(connection, indexes); });
}

} // namespace services
