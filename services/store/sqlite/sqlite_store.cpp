// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/store/sqlite/sqlite_store.h"

#include "core/units.h"
#include "services/store/id_range.h"
#include "services/store/sqlite/sqlite_session.h"
#include "services/store/sqlite/sqlite_transaction.h"

#include <fmt/format.h>
#include <sqlite3.h>

#include <algorithm>
#include <array>
#include <map>

namespace services {

namespace {

constexpr const char* kPragmas = "PRAGMA journal_mode = wal; PRAGMA synchronous = normal; PRAGMA cache_size = -65536;"
                                 "PRAGMA journal_size_limit = 67108864; PRAGMA temp_store = memory";

constexpr const char* kTables = R"(
    CREATE TABLE IF NOT EXISTS log_events (id BLOB NOT NULL PRIMARY KEY, level TEXT NOT NULL, message TEXT NOT NULL,
        source TEXT NOT NULL, "timestamp" INTEGER NOT NULL, trace_id TEXT, processed_at INTEGER NOT NULL) WITHOUT ROWID;
    CREATE TABLE IF NOT EXISTS kafka_offsets (cluster_id TEXT NOT NULL, consumer_group TEXT NOT NULL, topic TEXT NOT NULL,
        partition INTEGER NOT NULL, next_offset INTEGER, epoch INTEGER NOT NULL, owner TEXT NOT NULL,
        PRIMARY KEY (cluster_id, consumer_group, topic, partition)) WITHOUT ROWID;
    CREATE TABLE IF NOT EXISTS run_counts (run_id TEXT NOT NULL, worker TEXT NOT NULL, polled INTEGER NOT NULL,
        stored INTEGER NOT NULL, duplicate_filter INTEGER NOT NULL, duplicate_batch INTEGER NOT NULL,
        duplicate_store INTEGER NOT NULL, dead_lettered INTEGER NOT NULL, foreign_events INTEGER NOT NULL,
        PRIMARY KEY (run_id, worker)) WITHOUT ROWID;
    CREATE TABLE IF NOT EXISTS dead_letters (id INTEGER PRIMARY KEY, cluster_id TEXT NOT NULL, topic TEXT NOT NULL,
        partition INTEGER NOT NULL, kafka_offset INTEGER NOT NULL, event_id BLOB, key BLOB, payload BLOB NOT NULL,
        reason TEXT NOT NULL, run_id TEXT NOT NULL, created_at INTEGER NOT NULL,
        UNIQUE (cluster_id, topic, partition, kafka_offset, run_id));
    CREATE TABLE IF NOT EXISTS runs (id TEXT NOT NULL PRIMARY KEY, started INTEGER NOT NULL, clocks TEXT, head TEXT,
        tags TEXT NOT NULL DEFAULT '[]');
    CREATE TABLE IF NOT EXISTS millrace_store (tag TEXT NOT NULL))";

// A random UUID of version 4.
constexpr const char* kCreateTag = R"(
    INSERT INTO millrace_store
    SELECT lower(substr(h, 1, 8) || '-' || substr(h, 9, 4) || '-4' || substr(h, 14, 3) || '-a' || substr(h, 18, 3) || '-' ||
                 substr(h, 21, 12))
    FROM (SELECT hex(randomblob(16)) AS h) WHERE NOT EXISTS (SELECT 1 FROM millrace_store))";

struct Column {
    const char* table;
    const char* name;
};
/// Columns by which a table of somebody else is recognized.
constexpr std::array kTelling{Column{"log_events", "processed_at"}, Column{"log_events", "trace_id"},
                              Column{"kafka_offsets", "epoch"},     Column{"run_counts", "foreign_events"},
                              Column{"dead_letters", "run_id"},     Column{"runs", "head"},
                              Column{"millrace_store", "tag"}};

core::Status refuseOtherShapes(SqliteDatabase& database, const std::string& path) {
    auto column = database.prepare("SELECT count(*), sum(name = ?2) FROM pragma_table_info(?1)");
    if (!column) {
        return column.error();
    }
    for (const Column& telling : kTelling) {
        const auto row =
            column->bind(1, std::string_view(telling.table)).bind(2, std::string_view(telling.name)).step();
        if (!row) {
            return row.error();
        }
        const bool missing = column->integer(0) > 0 && column->integer(1) == 0;
        column->reset();
        if (missing) {
            return core::refused(fmt::format("SQLite file {}: the table {} has no column {}: give another file", path,
                                             telling.table, telling.name));
        }
    }
    return {};
}

} // namespace

SqliteStore::SqliteStore(std::string path, const StoreOptions& options, std::unique_ptr<SqliteDatabase> database)
    : m_path(std::move(path)), m_options(options), m_writer(std::move(database)) {}

core::Result<std::unique_ptr<SqliteStore>> SqliteStore::open(const core::SqliteAddress& address,
                                                             const StoreOptions& options) {
    auto database = SqliteDatabase::open(address.file, SqliteDatabase::Mode::ReadWrite,
                                         std::chrono::duration_cast<std::chrono::milliseconds>(options.lockTimeout));
    if (!database) {
        return database.error();
    }
    if (auto set = (*database)->execute(kPragmas); !set) {
        return set.error();
    }
    return std::unique_ptr<SqliteStore>(new SqliteStore(address.file, options, std::move(*database)));
}

core::Status SqliteStore::prepare(core::WallTime /*now*/) {
    return inTransaction<core::Status>(m_writer, [this](SqliteDatabase& database) {
        core::Status status = refuseOtherShapes(database, m_path);
        for (const char* statements : {kTables, kCreateTag}) {
            if (status) {
                status = database.execute(statements);
            }
        }
        return status;
    });
}

core::Status SqliteStore::dropBefore(core::WallTime) {
    return core::invalid("A SQLite store forgets nothing.", "Use PostgreSQL for a consumer with a retention");
}

core::Result<std::unique_ptr<core::StoreSession>> SqliteStore::session(const std::string& owner,
                                                                       std::stop_token /*stop*/) {
    return std::unique_ptr<core::StoreSession>(std::make_unique<SqliteSession>(m_writer, m_options, owner));
}

core::Result<std::unique_ptr<SqliteDatabase>> SqliteStore::reader() const {
    return SqliteDatabase::open(m_path, SqliteDatabase::Mode::ReadOnly,
                                std::chrono::duration_cast<std::chrono::milliseconds>(m_options.lockTimeout));
}

core::Result<std::string> SqliteStore::tag() {
    auto database = reader();
    if (!database) {
        return database.error();
    }
    auto query = (*database)->prepare("SELECT tag FROM millrace_store");
    if (!query) {
        return query.error();
    }
    const auto row = query->step();
    if (!row) {
        return row.error();
    }
    if (!*row) {
        return core::fatal(fmt::format("SQLite file {}: the store is not prepared", m_path));
    }
    return query->text(0);
}

core::Status SqliteStore::registerRun(const std::string& runId, const std::string& headJson, core::WallTime started) {
    return inTransaction<core::Status>(m_writer, [&](SqliteDatabase& database) -> core::Status {
        auto insert = database.prepare("INSERT INTO runs (id, started, clocks, head) "
                                       "VALUES (?1, ?2, json_extract(?3, '$.clocks'), ?3) "
                                       "ON CONFLICT (id) DO UPDATE SET head = excluded.head");
        if (!insert) {
            return insert.error();
        }
        const auto done = insert->bind(1, runId).bind(2, core::microsecondsOf(started)).bind(3, headJson).step();
        return done ? core::Status() : core::Status(done.error());
    });
}

core::Status SqliteStore::finishRun(const std::string& runId, const std::string& headJson) {
    return inTransaction<core::Status>(m_writer, [&](SqliteDatabase& database) -> core::Status {
        auto update = database.prepare("UPDATE runs SET head = ?2 WHERE id = ?1");
        if (!update) {
            return update.error();
        }
        const auto done = update->bind(1, runId).bind(2, headJson).step();
        return done ? core::Status() : core::Status(done.error());
    });
}

core::Result<core::ConsumerCounts> SqliteStore::runCounts(const std::string& runId) {
    auto database = reader();
    if (!database) {
        return database.error();
    }
    auto query = (*database)->prepare(
        "SELECT total(polled), total(stored), total(duplicate_filter), total(duplicate_batch), total(duplicate_store), "
        "total(dead_lettered), total(foreign_events) FROM run_counts WHERE run_id = ?1");
    if (!query) {
        return query.error();
    }
    const auto row = query->bind(1, runId).step();
    if (!row) {
        return row.error();
    }
    const auto sum = [&query](int column) { return static_cast<std::uint64_t>(query->integer(column)); };
    return core::ConsumerCounts{.polled = sum(0),
                                .stored = sum(1),
                                .duplicateFilter = sum(2),
                                .duplicateBatch = sum(3),
                                .duplicateStore = sum(4),
                                .deadLettered = sum(5),
                                .foreign = sum(6)};
}

core::Status SqliteStore::eachId(const core::RunIdentity& run, const std::function<void(const core::StoredId&)>& take) {
    auto database = reader();
    if (!database) {
        return database.error();
    }
    const core::EventId from = lowestIdAt(run.from);
    const core::EventId until = lowestIdAfter(run.until);
    for (const bool deadLettered : {false, true}) {
        auto query = (*database)->prepare(
            deadLettered ? "SELECT event_id FROM dead_letters WHERE event_id >= ?1 AND event_id < ?2"
                         : "SELECT id FROM log_events WHERE id >= ?1 AND id < ?2");
        if (!query) {
            return query.error();
        }
        query->bind(1, from).bind(2, until);
        while (true) {
            const auto row = query->step();
            if (!row) {
                return row.error();
            }
            if (!*row) {
                break;
            }
            const auto id = query->id(0);
            if (id && run.own(*id)) {
                take({*id, deadLettered});
            }
        }
    }
    return {};
}

core::Result<std::vector<std::pair<core::TopicPartition, core::Offset>>> SqliteStore::positions() {
    auto database = reader();
    if (!database) {
        return database.error();
    }
    auto query = (*database)->prepare("SELECT topic, partition, next_offset FROM kafka_offsets WHERE cluster_id = ?1 "
                                      "AND consumer_group = ?2 AND next_offset IS NOT NULL ORDER BY topic, partition");
    if (!query) {
        return query.error();
    }
    query->bind(1, m_options.clusterId).bind(2, m_options.group);
    std::vector<std::pair<core::TopicPartition, core::Offset>> positions;
    while (true) {
        const auto row = query->step();
        if (!row) {
            return row.error();
        }
        if (!*row) {
            return positions;
        }
        positions.push_back({{query->text(0), {static_cast<std::int32_t>(query->integer(1))}}, {query->integer(2)}});
    }
}

std::string SqliteStore::describe() const {
    return "SQLite file " + m_path;
}

std::vector<std::pair<std::string, std::string>> SqliteStore::facts() {
    return {{"store", "SQLite"}, {"version", sqlite3_libversion()}, {"journal_mode", "wal"}, {"synchronous", "normal"}};
}

core::Status SqliteStore::addIndexes(std::span<const std::string> indexes) {
    static const std::map<std::string, const char*, std::less<>> kStatements{
        {"source", "CREATE INDEX IF NOT EXISTS log_events_source ON log_events (source, id)"},
        {"level", "CREATE INDEX IF NOT EXISTS log_events_level ON log_events (level, id)"}};
    for (const std::string& index : indexes) {
        if (!kStatements.contains(index)) {
            return core::invalid(
                fmt::format("there is no index '{}' in an SQLite store: choose from source, level", index));
        }
    }
    return inTransaction<core::Status>(m_writer, [&](SqliteDatabase& database) -> core::Status {
        for (const std::string& index : indexes) {
            if (auto created = database.execute(kStatements.find(index)->second); !created) {
                return created;
            }
        }
        return {};
    });
}

} // namespace services
