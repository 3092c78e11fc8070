// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/store/postgres/postgres_partitions.h"

#include "services/store/id_range.h"

#include <fmt/format.h>
#include <pqxx/pqxx>

namespace services {

namespace {

constexpr int kPeriods = 3; ///< today's and two ahead

using Days = std::chrono::sys_days;

Days dayOf(core::WallTime time) {
    return std::chrono::floor<std::chrono::days>(time);
}

std::string nameOf(Days day) {
    const std::chrono::year_month_day date(day);
    return fmt::format("log_events_{:04}{:02}{:02}", static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
                       static_cast<unsigned>(date.day()));
}

bool hasPartition(pqxx::transaction_base& transaction, Days day) {
    return !execParams(transaction,
                       "SELECT FROM pg_inherits WHERE inhparent = to_regclass('log_events') "
                       "AND inhrelid = to_regclass($1)",
                       nameOf(day))
                .empty();
}

void createPartition(pqxx::transaction_base& transaction, Days day) {
    const std::string name = nameOf(day);
    const std::string from = lowestIdAt(day).text();
    const std::string until = lowestIdAt(day + std::chrono::days(1)).text();
    // Nobody may put a row of the new range into DEFAULT between the move and the attachment.
    transaction.exec("LOCK TABLE log_events_default IN ACCESS EXCLUSIVE MODE");
    transaction.exec(fmt::format("CREATE TABLE {} (LIKE log_events INCLUDING DEFAULTS INCLUDING CONSTRAINTS)", name));
    transaction.exec(fmt::format("WITH moved AS (DELETE FROM log_events WHERE id >= '{1}' AND id < '{2}' RETURNING *) "
                                 "INSERT INTO {0} SELECT * FROM moved",
                                 name, from, until));
    transaction.exec(
        fmt::format("ALTER TABLE log_events ATTACH PARTITION {} FOR VALUES FROM ('{}') TO ('{}')", name, from, until));
}

} // namespace

bool isPartitioned(pqxx::transaction_base& transaction) {
    return transaction.exec("SELECT relkind = 'p' FROM pg_class WHERE oid = to_regclass('log_events')")[0][0]
        .as<bool>();
}

void createPartitions(PostgresConnection& connection, core::WallTime now) {
    const auto transaction = connection.begin();
    if (!isPartitioned(*transaction) || partitionsAhead(*transaction, now) == kPeriods) {
        return;
    }
    transaction->exec(kSchemaLock);
    for (int ahead = 0; ahead < kPeriods; ++ahead) {
        const Days day = dayOf(now) + std::chrono::days(ahead);
        if (!hasPartition(*transaction, day)) {
            createPartition(*transaction, day);
        }
    }
    transaction->commit();
}

void dropPartitionsBefore(PostgresConnection& connection, core::WallTime time) {
    const auto transaction = connection.begin();
    transaction->exec(kSchemaLock);
    const auto micros = core::microsecondsOf(time);
    if (isPartitioned(*transaction)) {
        const std::string last = nameOf(dayOf(time) - std::chrono::days(1));
        for (const auto& row : execParams(*transaction,
                                          "SELECT relname FROM pg_class JOIN pg_inherits ON inhrelid = oid "
                                          "WHERE inhparent = to_regclass('log_events') "
                                          "AND relname ~ '^log_events_[0-9]{8}$' AND relname <= $1 ORDER BY relname",
                                          last)) {
            transaction->exec("DROP TABLE " + transaction->quote_name(row[0].as<std::string>()));
        }
        execParams(*transaction,
                   "DELETE FROM log_events_default WHERE \"timestamp\" < to_timestamp($1::bigint / 1000000.0)", micros);
    }
    execParams(*transaction, "DELETE FROM dead_letters WHERE created_at < to_timestamp($1::bigint / 1000000.0)",
               micros);
    transaction->commit();
}

int partitionsAhead(pqxx::transaction_base& transaction, core::WallTime now) {
    int there = 0;
    for (int ahead = 0; ahead < kPeriods; ++ahead) {
        there += hasPartition(transaction, dayOf(now) + std::chrono::days(ahead)) ? 1 : 0;
    }
    return there;
}

} // namespace services
