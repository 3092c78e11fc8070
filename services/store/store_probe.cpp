// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/store/store_probe.h"

#include "services/store/postgres/postgres_partitions.h"
#include "services/store/postgres/postgres_schema.h"
#include "services/store/postgres/postgres_store.h"
#include "services/store/sqlite/sqlite_store.h"
#include "services/store/store_address.h"

#include <fmt/format.h>
#include <pqxx/pqxx>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <filesystem>
#include <iterator>

namespace services {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::array kTables{"log_events", "kafka_offsets", "run_counts", "dead_letters", "runs", "millrace_store"};

/// The tightest of the limits on connections, and what it is called. Of others' sessions backend_type is hidden from
/// most roles.
constexpr const char* kFreeConnections = R"(
    WITH clients AS (SELECT usesysid, datid FROM pg_stat_activity
        WHERE backend_type = 'client backend' OR (backend_type IS NULL AND datid IS NOT NULL))
    SELECT free, name FROM (
        SELECT current_setting('max_connections')::bigint
            - current_setting('superuser_reserved_connections')::bigint - (SELECT count(*) FROM clients),
            'max_connections'
        UNION ALL
        SELECT rolconnlimit - (SELECT count(*) FROM clients WHERE usesysid = r.oid),
            'the CONNECTION LIMIT of the role ' || rolname
        FROM pg_roles r WHERE rolname = current_user AND rolconnlimit >= 0 AND NOT rolsuper
        UNION ALL
        SELECT datconnlimit - (SELECT count(*) FROM clients WHERE datid = d.oid),
            'the CONNECTION LIMIT of the database ' || datname
        FROM pg_database d WHERE datname = current_database() AND datconnlimit >= 0
    ) AS limits(free, name) ORDER BY free LIMIT 1)";

double milliseconds(core::Nanoseconds time) {
    return std::chrono::duration<double, std::milli>(time).count();
}

std::string setting(pqxx::transaction_base& query, const char* name) {
    return execParams(query, "SELECT current_setting($1)", name)[0][0].as<std::string>();
}

bool isTrue(pqxx::transaction_base& query, const std::string& condition) {
    return query.exec("SELECT " + condition)[0][0].as<bool>();
}

/// Why a run could not start, with what to do; empty: it could.
std::string obstacle(pqxx::transaction_base& query, const std::vector<std::string>& missing) {
    if (isTrue(query, "pg_is_in_recovery()")) {
        return kStandby;
    }
    if (setting(query, "transaction_read_only") == "on") {
        return "it is read-only: look at default_transaction_read_only, and whether its disk is full";
    }
    if (const std::string encoding = setting(query, "server_encoding"); encoding != "UTF8") {
        return fmt::format("its encoding is {}, but events are UTF-8: create a database with createdb --encoding UTF8 "
                           "--template template0 NAME",
                           encoding);
    }
    for (const char* const table : kTables) {
        if (const auto wrong = wrongShape(query, table)) {
            return *wrong;
        }
    }
    if (!missing.empty() && isTrue(query, "current_schema() IS NULL")) {
        return "there is no schema for the tables: look at search_path";
    }
    if (!missing.empty() && !isTrue(query, "has_schema_privilege(current_schema(), 'CREATE')")) {
        return fmt::format(
            "tables are missing ({}) and {} may not create them: GRANT CREATE ON SCHEMA {} TO it, or run "
            "'init' as a user who may",
            fmt::join(missing, ", "), query.exec("SELECT current_user")[0][0].as<std::string>(),
            query.exec("SELECT current_schema()")[0][0].as<std::string>());
    }
    for (const char* const table : kTables) {
        const bool isThere = std::find(missing.begin(), missing.end(), table) == missing.end();
        for (const char* const right : {"SELECT", "INSERT", "UPDATE"}) {
            if (isThere && !isTrue(query, fmt::format("has_table_privilege('{}', '{}')", table, right))) {
                return fmt::format("{} on the table {} is not allowed to {}: GRANT it", right, table,
                                   query.exec("SELECT current_user")[0][0].as<std::string>());
            }
        }
    }
    return {};
}

std::vector<std::string> warningsOf(pqxx::transaction_base& query) {
    std::vector<std::string> warnings;
    const auto off = [&query](const char* name) { return setting(query, name) == "off"; };
    if (off("fsync")) {
        warnings.emplace_back("fsync is off: a power failure may destroy the database; set fsync = on.");
    }
    if (off("full_page_writes")) {
        warnings.emplace_back("full_page_writes is off: a power failure may destroy pages; set full_page_writes = on.");
    }
    if (off("synchronous_commit")) {
        warnings.emplace_back(
            "synchronous_commit is off: a crash loses what was committed last (about 0.6 s), and runs "
            "look faster than they are; set synchronous_commit = on.");
    }
    if (const std::string tables = unloggedTables(query); !tables.empty()) {
        warnings.push_back(
            fmt::format("UNLOGGED, so a crash of PostgreSQL empties them: {}; ALTER TABLE … SET LOGGED.", tables));
    }
    std::ranges::copy(foreignConditions(query), std::back_inserter(warnings));
    const pqxx::result free = query.exec(kFreeConnections);
    constexpr int kEnough = 10; // a run takes one per consumer and two more
    if (!free.empty() && free[0][0].as<int>() < kEnough) {
        warnings.push_back(fmt::format("Only {} connections are free: raise {}.", std::max(free[0][0].as<int>(), 0),
                                       free[0][1].as<std::string>()));
    }
    const int megabytes = query.exec("SELECT pg_size_bytes(current_setting('max_wal_size')) / 1048576")[0][0].as<int>();
    constexpr int kEnoughWal = 1'024;
    if (megabytes < kEnoughWal) {
        warnings.push_back(fmt::format("max_wal_size is {} MB: a high rate forces checkpoint upon checkpoint; 4 GB is "
                                       "better.",
                                       megabytes));
    }
    return warnings;
}

core::Result<StoreProbe> probePostgres(const core::PostgresAddress& address, const StoreOptions& options,
                                       std::stop_token stop) {
    auto store = PostgresStore::open(address, options, std::move(stop));
    if (!store) {
        return store.error();
    }
    return (*store)->link().call(
        "looking at the store", [&](PostgresConnection& connection, PostgresLink::Watch&) -> core::Result<StoreProbe> {
            const auto query = connection.query();
            const auto asked = Clock::now();
            const std::string version = setting(*query, "server_version");
            StoreProbe probe;
            probe.roundTrip = Clock::now() - asked;
            const std::vector<std::string> missing = missingTables(*query);
            if (const std::string why = obstacle(*query, missing); !why.empty()) {
                return core::refused(fmt::format("{}: {}.", (*store)->describe(), why));
            }
            probe.warnings = warningsOf(*query);
            std::ranges::copy(partitionObstacles(*query, std::chrono::system_clock::now()),
                              std::back_inserter(probe.warnings));
            const std::string state =
                missing.empty() ? "all tables are there"
                                : fmt::format("'init' or a run creates what is missing ({})", fmt::join(missing, ", "));
            probe.sentence = fmt::format("{}, version {}, answers in {:.1f} ms; {}.", (*store)->describe(),
                                         version.substr(0, version.find(' ')), milliseconds(probe.roundTrip), state);
            return probe;
        });
}

core::Result<StoreProbe> probeSqlite(const core::SqliteAddress& address, const StoreOptions& options) {
    namespace fs = std::filesystem;
    const fs::path file = fs::path(address.file);
    std::error_code failed;
    if (!fs::exists(file, failed)) { // opening would make it
        const fs::path folder = file.has_parent_path() ? file.parent_path() : fs::path(".");
        if (access(folder.c_str(), W_OK | X_OK) != 0) {
            return core::refused(fmt::format(
                "The SQLite file {} cannot be created: its folder is missing or not writable.", file.string()));
        }
        return StoreProbe{
            fmt::format("The SQLite file {} does not exist yet; 'init' or a run creates it.", file.string()), {}, {}};
    }
    const auto asked = Clock::now();
    auto store = SqliteStore::open(address, options);
    if (!store) {
        return store.error();
    }
    StoreProbe probe;
    probe.roundTrip = Clock::now() - asked;
    probe.sentence = fmt::format("{} opens in {:.1f} ms.", (*store)->describe(), milliseconds(probe.roundTrip));
    return probe;
}

} // namespace

core::Result<StoreProbe> probeStore(const StoreOptions& options, std::stop_token stop) {
    if (const core::Status named = namesPlace(options.address); !named) {
        return named.error();
    }
    return options.address.sqlite() != nullptr ? probeSqlite(*options.address.sqlite(), options)
                                               : probePostgres(*options.address.postgres(), options, std::move(stop));
}

} // namespace services
