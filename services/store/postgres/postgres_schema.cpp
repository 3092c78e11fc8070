// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/store/postgres/postgres_schema.h"

#include "services/store/postgres/postgres_partitions.h"

#include <fmt/format.h>
#include <pqxx/pqxx>

#include <algorithm>
#include <array>
#include <map>

namespace services {

namespace {

struct Column {
    const char* name;
    const char* type; ///< as format_type prints it
    const char* rest;
};

struct Table {
    const char* name;
    std::vector<Column> columns;
    const char* primaryKey;
    const char* constraints; ///< further ones, each with a comma in front
    const char* storage;
    const char* afterwards; ///< statements once the table is created
};

/// kafka_offsets and run_counts are updated with every batch: the free half of each page keeps that in place (HOT).
const std::array<Table, 6>& tables() {
    static const std::array<Table, 6> kTables{{
        {"log_events",
         {{"id", "uuid", "NOT NULL"},
          {"level", "text", "NOT NULL"},
          {"message", "text", "NOT NULL"},
          {"source", "text", "NOT NULL"},
          {"timestamp", "timestamp with time zone", "NOT NULL"},
          {"trace_id", "text", ""},
          {"processed_at", "timestamp with time zone", "NOT NULL DEFAULT now()"}},
         "id",
         "",
         "PARTITION BY RANGE (id)",
         R"(CREATE INDEX log_events_timestamp_brin ON log_events USING brin ("timestamp");
            CREATE TABLE log_events_default PARTITION OF log_events DEFAULT)"},
        {"kafka_offsets",
         {{"cluster_id", "text", "NOT NULL"},
          {"consumer_group", "text", "NOT NULL"},
          {"topic", "text", "NOT NULL"},
          {"partition", "integer", "NOT NULL"},
          {"next_offset", "bigint", ""},
          {"epoch", "bigint", "NOT NULL"},
          {"owner", "text", "NOT NULL"},
          {"backend_pid", "integer", "NOT NULL"},
          {"backend_start", "timestamp with time zone", "NOT NULL"}},
         "cluster_id, consumer_group, topic, partition",
         "",
         "WITH (fillfactor = 50)",
         ""},
        {"run_counts",
         {{"run_id", "text", "NOT NULL"},
          {"worker", "text", "NOT NULL"},
          {"polled", "bigint", "NOT NULL"},
          {"stored", "bigint", "NOT NULL"},
          {"duplicate_filter", "bigint", "NOT NULL"},
          {"duplicate_batch", "bigint", "NOT NULL"},
          {"duplicate_store", "bigint", "NOT NULL"},
          {"dead_lettered", "bigint", "NOT NULL"},
          {"foreign_events", "bigint", "NOT NULL"}},
         "run_id, worker",
         "",
         "WITH (fillfactor = 50)",
         ""},
        {"dead_letters",
         {{"id", "bigint", "NOT NULL GENERATED ALWAYS AS IDENTITY"},
          {"cluster_id", "text", "NOT NULL"},
          {"topic", "text", "NOT NULL"},
          {"partition", "integer", "NOT NULL"},
          {"kafka_offset", "bigint", "NOT NULL"},
          {"event_id", "uuid", ""},
          {"key", "bytea", ""},
          {"payload", "bytea", "NOT NULL"},
          {"reason", "text", "NOT NULL"},
          {"run_id", "text", "NOT NULL"},
          {"created_at", "timestamp with time zone", "NOT NULL DEFAULT now()"}},
         "id",
         // The run belongs to it: a topic that was created anew counts its offsets from 0 again.
         ", UNIQUE (cluster_id, topic, partition, kafka_offset, run_id)",
         "",
         ""},
        {"runs",
         {{"id", "text", "NOT NULL"},
          {"started", "timestamp with time zone", "NOT NULL"},
          {"clocks", "jsonb", ""},
          {"head", "jsonb", ""},
          {"tags", "text[]", "NOT NULL DEFAULT '{}'"}},
         "id",
         "",
         "",
         ""},
        {"millrace_store", {{"tag", "uuid", "NOT NULL"}, {"origin", "text", "NOT NULL"}}, "tag", "", "", ""},
    }};
    return kTables;
}

std::string createStatement(const Table& table) {
    std::string columns;
    for (const Column& column : table.columns) {
        columns += fmt::format("\"{}\" {} {}, ", column.name, column.type, column.rest);
    }
    return fmt::format("CREATE TABLE {} ({}PRIMARY KEY ({}){}) {}", table.name, columns, table.primaryKey,
                       table.constraints, table.storage);
}

bool exists(pqxx::transaction_base& transaction, const std::string& table) {
    return !execParams(transaction, "SELECT to_regclass($1)", table)[0][0].is_null();
}

struct FoundColumn {
    std::string type;
    bool needsValue = false; ///< NOT NULL and nothing fills it in
};

std::map<std::string, FoundColumn> columnsOf(pqxx::transaction_base& transaction, const std::string& table) {
    std::map<std::string, FoundColumn> found;
    for (const auto& row : execParams(
             transaction,
             R"(SELECT attname, format_type(atttypid, atttypmod), attnotnull AND NOT atthasdef AND attidentity = ''
                FROM pg_attribute WHERE attrelid = to_regclass($1) AND attnum > 0 AND NOT attisdropped)",
             table)) {
        found[row[0].as<std::string>()] = {row[1].as<std::string>(), row[2].as<bool>()};
    }
    return found;
}

/// The primary key's columns in order, as "a, b"; empty: there is none.
std::string primaryKeyOf(pqxx::transaction_base& transaction, const std::string& table) {
    return execParams(transaction, R"(SELECT coalesce(string_agg(a.attname, ', ' ORDER BY k.place), '')
           FROM pg_index i
           CROSS JOIN unnest(i.indkey::smallint[]) WITH ORDINALITY AS k(number, place)
           JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.number
           WHERE i.indrelid = to_regclass($1) AND i.indisprimary)",
                      table)[0][0]
        .as<std::string>();
}

bool fits(const std::string& found, const std::string& wanted) {
    // varchar takes the same bytes; a value that is too long for it becomes a dead letter.
    return found == wanted || (wanted == "text" && found.starts_with("character varying"));
}

} // namespace

std::optional<std::string> wrongShape(pqxx::transaction_base& transaction, const std::string& name) {
    const auto table = std::ranges::find(tables(), name, &Table::name);
    if (table == tables().end() || !exists(transaction, name)) {
        return std::nullopt;
    }
    constexpr const char* kWhatToDo =
        "rename that table or give another database or schema (…?options=-csearch_path%3DNAME)";
    auto found = columnsOf(transaction, name);
    for (const Column& column : table->columns) {
        const auto there = found.find(column.name);
        if (there == found.end()) {
            return fmt::format("the table {} has no column {} ({}): {}", name, column.name, column.type, kWhatToDo);
        }
        if (!fits(there->second.type, column.type)) {
            return fmt::format("the column {} of the table {} is {} instead of {}: {}", column.name, name,
                               there->second.type, column.type, kWhatToDo);
        }
        found.erase(there);
    }
    for (const auto& [column, shape] : found) {
        if (shape.needsValue) {
            return fmt::format(
                "the column {} of the table {} is none of ours and must not be empty: give it a default, or {}", column,
                name, kWhatToDo);
        }
    }
    const std::string key = primaryKeyOf(transaction, name);
    if (key != table->primaryKey) {
        return fmt::format("the primary key of the table {} is ({}) instead of ({}), so the same event could be stored "
                           "twice: {}",
                           name, key, table->primaryKey, kWhatToDo);
    }
    return std::nullopt;
}

std::vector<std::string> missingTables(pqxx::transaction_base& transaction) {
    std::vector<std::string> missing;
    for (const Table& table : tables()) {
        if (!exists(transaction, table.name)) {
            missing.emplace_back(table.name);
        }
    }
    return missing;
}

std::string unloggedTables(pqxx::transaction_base& transaction) {
    return transaction
        .exec(fmt::format("SELECT coalesce(string_agg(oid::regclass::text, ', ' ORDER BY oid::regclass::text), '') "
                          "FROM pg_class WHERE relpersistence = 'u' AND oid IN ({})",
                          kOurTables))[0][0]
        .as<std::string>();
}

std::vector<std::string> foreignConditions(pqxx::transaction_base& transaction) {
    std::vector<std::string> found;
    for (const auto& row : transaction.exec(
             "SELECT 'trigger ' || tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled <> 'D' AND tgrelid IN "
             "(SELECT to_regclass('log_events') UNION SELECT inhrelid FROM pg_inherits "
             "WHERE inhparent = to_regclass('log_events')) UNION SELECT 'rule ' || rulename FROM pg_rewrite "
             "WHERE ev_class = to_regclass('log_events') AND rulename <> '_RETURN' ORDER BY 1")) {
        found.push_back(fmt::format("log_events has the {}: rows that it drops count as lost, rows that it refuses as "
                                    "refused.",
                                    row[0].as<std::string>()));
    }
    for (const auto& [column, shape] : columnsOf(transaction, "log_events")) {
        if (shape.type.starts_with("character varying(")) {
            found.push_back(fmt::format("The column {} of log_events is {}: an event with a longer text is refused.",
                                        column, shape.type));
        }
    }
    return found;
}

core::Status createTables(PostgresConnection& connection) {
    const auto transaction = connection.begin();
    transaction->exec(kSchemaLock);
    const auto encoding = transaction->exec("SHOW server_encoding")[0][0].as<std::string>();
    if (encoding != "UTF8") {
        return core::refused(fmt::format("the database's encoding is {}, but events are UTF-8: create a database with "
                                         "createdb --encoding UTF8 --template template0 NAME",
                                         encoding));
    }
    for (const Table& table : tables()) {
        if (const auto wrong = wrongShape(*transaction, table.name)) {
            return core::refused(*wrong);
        }
    }
    for (const Table& table : tables()) {
        if (exists(*transaction, table.name)) {
            continue;
        }
        transaction->exec(createStatement(table));
        if (*table.afterwards != '\0') {
            transaction->exec(table.afterwards);
        }
    }
    storeTag(*transaction);
    transaction->commit();
    return {};
}

std::string storeTag(pqxx::transaction_base& transaction) {
    // The time line changes when a backup is restored to a point in time or a standby is promoted; the database's
    // number when a dump is loaded into another one.
    const auto origin = transaction
                            .exec(R"(SELECT s.system_identifier || '/' || d.oid || '/' || c.timeline_id
                                     FROM pg_control_system() s, pg_control_checkpoint() c, pg_database d
                                     WHERE d.datname = current_database())")[0][0]
                            .as<std::string>();
    const pqxx::result stored = transaction.exec("SELECT tag::text, origin FROM millrace_store");
    if (stored.size() == 1 && stored[0][1].as<std::string>() == origin) {
        return stored[0][0].as<std::string>();
    }
    transaction.exec(kSchemaLock);
    transaction.exec("DELETE FROM millrace_store");
    return execParams(transaction,
                      "INSERT INTO millrace_store (tag, origin) VALUES (gen_random_uuid(), $1) "
                      "RETURNING tag::text",
                      origin)[0][0]
        .as<std::string>();
}

core::Status createIndexes(PostgresConnection& connection, std::span<const std::string> indexes) {
    static const std::map<std::string, const char*, std::less<>> kStatements{
        {"source", "CREATE INDEX IF NOT EXISTS log_events_source ON log_events (source, id)"},
        {"level", "CREATE INDEX IF NOT EXISTS log_events_level ON log_events (level, id)"},
        {"text", "CREATE INDEX IF NOT EXISTS log_events_text ON log_events USING gin (to_tsvector('simple', message))"},
    };
    for (const std::string& index : indexes) {
        if (!kStatements.contains(index)) {
            return core::invalid(fmt::format("there is no index '{}': choose from source, level, text", index));
        }
    }
    const auto transaction = connection.begin();
    transaction->exec(kSchemaLock);
    transaction->exec("SET LOCAL statement_timeout = 0");
    for (const std::string& index : indexes) {
        transaction->exec(kStatements.find(index)->second);
    }
    transaction->commit();
    return {};
}

} // namespace services
