// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/store/postgres/postgres_partitions.h"

#include "services/store/id_range.h"
#include "services/store/postgres/postgres_error.h"
#include "services/store/postgres/postgres_locks.h"

#include <fmt/format.h>
#include <pqxx/pqxx>

#include <algorithm>
#include <iterator>
#include <optional>
#include <string_view>
#include <thread>

namespace services {

namespace {

constexpr int kPeriods = 3; ///< today's and two ahead
constexpr std::string_view kNoRight = "42501";
constexpr std::string_view kLocked = "55P03";
constexpr std::string_view kDeadlock = "40P01";

using Days = std::chrono::sys_days;

Days dayOf(core::WallTime time) {
    return std::chrono::floor<std::chrono::days>(time);
}

std::string dateText(Days day, const char* between = "-") {
    const std::chrono::year_month_day date(day);
    return fmt::format("{:04}{}{:02}{}{:02}", static_cast<int>(date.year()), between,
                       static_cast<unsigned>(date.month()), between, static_cast<unsigned>(date.day()));
}

std::string nameOf(Days day) {
    return "log_events_" + dateText(day, "");
}

bool hasPartition(pqxx::transaction_base& transaction, Days day) {
    return !execParams(transaction,
                       "SELECT FROM pg_inherits WHERE inhparent = to_regclass('log_events') "
                       "AND inhrelid = to_regclass($1)",
                       nameOf(day))
                .empty();
}

std::vector<Days> daysAhead(core::WallTime now) {
    std::vector<Days> days;
    for (int ahead = 0; ahead < kPeriods; ++ahead) {
        days.push_back(dayOf(now) + std::chrono::days(ahead));
    }
    return days;
}

/// Of those days; none where log_events is a plain table.
std::vector<Days> missingDays(PostgresConnection& connection, core::WallTime now) {
    std::vector<Days> missing;
    const auto query = connection.query();
    if (isPartitioned(*query)) {
        std::ranges::copy_if(daysAhead(now), std::back_inserter(missing),
                             [&](Days day) { return !hasPartition(*query, day); });
    }
    return missing;
}

bool hasDefault(pqxx::transaction_base& transaction) {
    return !transaction
                .exec("SELECT FROM pg_partitioned_table WHERE partrelid = to_regclass('log_events') AND partdefid <> 0")
                .empty();
}

/// What an attachment locks: DEFAULT in any way, log_events itself in a way that shuts others out.
constexpr const char* kLockedByAttaching = R"(l.relation = to_regclass('log_events_default')
    OR (l.relation = to_regclass('log_events') AND l.mode NOT IN ('AccessShareLock', 'RowShareLock', 'RowExclusiveLock')))";

/// The sentence of a day without its partition.
std::string leftOut(pqxx::transaction_base& transaction, Days day, const PostgresFailure& why) {
    std::string reason;
    if (why.sqlstate == kNoRight) {
        const std::string owner =
            transaction
                .exec("SELECT pg_get_userbyid(relowner) FROM pg_class WHERE oid = to_regclass('log_events')")[0][0]
                .as<std::string>();
        reason = fmt::format("{}; let {}, who owns the tables, run 'millraced init' daily", why.text, owner);
    } else {
        const std::string holders = lockHolders(transaction, kLockedByAttaching);
        reason = holders.empty() ? "its table was locked by somebody who has let it go since"
                                 : "log_events is held by " + holders;
    }
    return fmt::format("The partition of {} is missing and cannot be created now: {}. {}", dateText(day), reason,
                       hasDefault(transaction) ? "Until then that day's events go to log_events_default."
                                               : "Until then that day's events are refused.");
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

/// Why not; nothing: it is there.
std::optional<PostgresFailure> makePartition(PostgresConnection& connection, Days day, int attempts,
                                             const std::function<bool()>& goOn) {
    constexpr std::chrono::milliseconds kBetween{300};
    for (int attempt = 1;; ++attempt) {
        try {
            const auto transaction = connection.begin();
            transaction->exec(kSchemaLock);
            if (!hasPartition(*transaction, day)) {
                // Whoever comes behind us in the queue for the table waits no longer than this for us. The last time
                // it is more than deadlock_timeout, after which PostgreSQL sends an autovacuum away for us.
                transaction->exec(attempt < attempts ? "SET LOCAL lock_timeout = '200ms'"
                                                     : "SET LOCAL lock_timeout = '1200ms'");
                createPartition(*transaction, day);
            }
            transaction->commit();
            return std::nullopt;
        } catch (const pqxx::failure&) {
            PostgresFailure failure = currentFailure();
            const bool locked = failure.sqlstate == kLocked || failure.sqlstate == kDeadlock;
            if (failure.lost || !(locked || failure.sqlstate == kNoRight)) {
                throw;
            }
            if (!locked || attempt == attempts || !goOn()) {
                return failure;
            }
        }
        std::this_thread::sleep_for(kBetween);
    }
}

} // namespace

bool isPartitioned(pqxx::transaction_base& transaction) {
    return transaction.exec("SELECT relkind = 'p' FROM pg_class WHERE oid = to_regclass('log_events')")[0][0]
        .as<bool>();
}

core::Result<std::vector<std::string>> createPartitions(PostgresConnection& connection, core::WallTime now,
                                                        bool patient, const std::function<bool()>& goOn) {
    constexpr int kAttempts = 5;
    std::vector<std::string> left;
    const std::vector<Days> missing = missingDays(connection, now);
    for (const Days day : missing) {
        const auto why = makePartition(connection, day, patient && left.empty() ? kAttempts : 1, goOn);
        if (!why) {
            continue;
        }
        const auto query = connection.query();
        std::string sentence = leftOut(*query, day, *why);
        if (day == dayOf(now) && !hasDefault(*query)) {
            return core::Error{why->sqlstate == kNoRight ? core::ErrorKind::Refused : core::ErrorKind::Transient,
                               std::move(sentence)};
        }
        left.push_back(std::move(sentence));
    }
    return left;
}

std::vector<std::string> partitionObstacles(pqxx::transaction_base& transaction, core::WallTime now) {
    std::vector<std::string> obstacles;
    if (transaction.exec("SELECT to_regclass('log_events') IS NULL")[0][0].as<bool>() || !isPartitioned(transaction)) {
        return obstacles;
    }
    const std::string holders = lockHolders(transaction, kLockedByAttaching);
    const bool mayCreate = transaction.exec("SELECT has_schema_privilege(current_schema(), 'CREATE')")[0][0].as<bool>();
    const bool owns =
        transaction
            .exec("SELECT pg_has_role(relowner, 'USAGE') FROM pg_class WHERE oid = to_regclass('log_events')")[0][0]
            .as<bool>();
    for (const Days day : daysAhead(now)) {
        if (hasPartition(transaction, day)) {
            continue;
        }
        if (!mayCreate) {
            obstacles.push_back(
                leftOut(transaction, day, {std::string(kNoRight), "no right to create tables in this schema", false}));
        } else if (!owns) {
            obstacles.push_back(
                leftOut(transaction, day, {std::string(kNoRight), "must be owner of table log_events", false}));
        } else if (!holders.empty()) {
            obstacles.push_back(leftOut(transaction, day, {std::string(kLocked), "", false}));
        }
    }
    return obstacles;
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
