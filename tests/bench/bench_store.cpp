// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/store/store.h"
#include "services/store/store_address.h"
#include "tests/services/store_rows.h"

#include <fmt/format.h>
#include <libpq-fe.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <thread>

/// Rows per second into the stores, 212-byte rows as ours: PostgreSQL's own COPY of ready-made text first (what psql's
/// \copy does), then commits of the store's session, with offsets and counts, by one and by two connections; then
/// SQLite. The server is that of MILLRACE_STORE. One argument: rows a measurement, 500,000 unless given.
namespace {

using namespace std::chrono_literals;

constexpr std::uint64_t kBatch = 5'000;

struct Rows {
    std::vector<std::string> messages;
    std::vector<core::EventRow> rows;
};

Rows makeRows(std::uint64_t count, std::uint64_t firstSequence, core::WallTime start) {
    Rows made;
    for (int i = 0; i < 64; ++i) {
        made.messages.push_back(
            fmt::format("request {:06} to /api/v1/orders took {} ms, answered 200, {:x>70}", i * 7919, i * 13, ""));
    }
    for (std::uint64_t i = 0; i < count; ++i) {
        made.rows.push_back({.id = core::EventId::compose(
                                 {.due = start + i * 10us, .runTag = 1, .stream = 0, .sequence = firstSequence + i}),
                             .level = core::Level::Info,
                             .message = made.messages[i % made.messages.size()],
                             .source = "payment-service",
                             .timestamp = start + i * 10us,
                             .traceId = "4bf92f3577b34da6a3ce929d0e0e4736"});
    }
    return made;
}

double perSecond(std::uint64_t rows, std::chrono::steady_clock::time_point start) {
    return static_cast<double>(rows) / std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

bool execute(PGconn* connection, const std::string& statement) {
    PGresult* result = PQexec(connection, statement.c_str());
    const auto status = PQresultStatus(result);
    PQclear(result);
    if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK && status != PGRES_COPY_IN) {
        std::fputs(PQerrorMessage(connection), stderr);
    }
    return status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK || status == PGRES_COPY_IN;
}

double plainCopy(const std::string& url, const std::vector<core::EventRow>& rows) {
    std::string text;
    for (const core::EventRow& row : rows) {
        text += fmt::format("{}\tINFO\t{}\t{}\tepoch\t{}\n", row.id.text(), row.message, row.source, row.traceId);
    }
    PGconn* connection = PQconnectdb(url.c_str());
    const auto start = std::chrono::steady_clock::now();
    execute(connection, "COPY log_events (id, level, message, source, \"timestamp\", trace_id) FROM STDIN");
    for (std::size_t at = 0; at < text.size(); at += 65'536) {
        PQputCopyData(connection, text.data() + at, static_cast<int>(std::min<std::size_t>(65'536, text.size() - at)));
    }
    PQputCopyEnd(connection, nullptr);
    PGresult* result = PQgetResult(connection);
    if (PQresultStatus(result) != PGRES_COMMAND_OK) {
        std::fputs(PQresultErrorMessage(result), stderr);
    }
    PQclear(result);
    const double rate = perSecond(rows.size(), start);
    PQfinish(connection);
    return rate;
}

/// Commits all rows in batches; false and a message if it fails.
bool commitAll(core::Store& store, const std::vector<core::EventRow>& rows, std::int32_t partition,
               std::uint64_t batch) {
    auto session = store.session(fmt::format("bench-{}", partition), {});
    if (!session) {
        std::fputs(session.error().message.c_str(), stderr);
        return false;
    }
    store_rows::Writer writer(std::move(*session), store_rows::partition(partition));
    if (const auto begun = writer.begin(); !begun) {
        std::fputs(begun.error().message.c_str(), stderr);
        return false;
    }
    for (std::uint64_t at = 0; at < rows.size(); at += batch) {
        const auto part = std::min<std::uint64_t>(batch, rows.size() - at);
        const std::vector<core::EventRow> some(rows.begin() + static_cast<std::ptrdiff_t>(at),
                                               rows.begin() + static_cast<std::ptrdiff_t>(at + part));
        const auto outcome = writer.commit(some);
        if (!outcome || outcome->kind != core::CommitOutcome::Kind::Committed) {
            std::fputs(outcome ? outcome->reason.c_str() : outcome.error().message.c_str(), stderr);
            return false;
        }
    }
    return true;
}

double commits(core::Store& store, const std::vector<Rows>& parts, std::uint64_t batch) {
    const auto start = std::chrono::steady_clock::now();
    std::uint64_t rows = 0;
    {
        std::vector<std::jthread> workers;
        std::int32_t partition = 0;
        for (const Rows& part : parts) {
            rows += part.rows.size();
            workers.emplace_back([&store, &part, batch, number = partition++] {
                if (!commitAll(store, part.rows, number, batch)) {
                    std::exit(1);
                }
            });
        }
    }
    return perSecond(rows, start);
}

std::unique_ptr<core::Store> prepared(const services::StoreOptions& options) {
    auto store = services::openStore(options);
    if (!store) {
        std::fputs(store.error().message.c_str(), stderr);
        std::exit(1);
    }
    if (const auto ready = (*store)->prepare(store_rows::kDue); !ready) {
        std::fputs(ready.error().message.c_str(), stderr);
        std::exit(1);
    }
    return std::move(*store);
}

void measurePostgres(const std::string& server, std::uint64_t count) {
    const std::string schema = fmt::format("bench_{}", ::getpid());
    const std::string url = server + "?options=-csearch_path%3D" + schema;
    PGconn* admin = PQconnectdb(url.c_str());
    execute(admin, "CREATE SCHEMA " + schema);
    auto store = prepared({.address = *services::readStoreAddress(url), .clusterId = "bench", .runId = "bench"});
    const auto measure = [&](const std::string& what, const auto& rate) {
        execute(admin, "TRUNCATE log_events");
        fmt::print("PostgreSQL, {}: {:.0f} rows/s\n", what, rate());
        std::fflush(stdout);
    };
    const auto all = makeRows(count, 0, store_rows::kDue);
    const auto first = makeRows(count / 2, 0, store_rows::kDue);
    const auto second = makeRows(count / 2, count, store_rows::kDue);
    measure("COPY of ready-made text, one statement", [&] { return plainCopy(url, all.rows); });
    for (const std::uint64_t batch : {std::uint64_t{1'000}, kBatch}) {
        measure(fmt::format("commits of {}, one connection", batch), [&] { return commits(*store, {all}, batch); });
    }
    measure(fmt::format("commits of {}, two connections", kBatch),
            [&] { return commits(*store, {first, second}, kBatch); });
    store.reset();
    execute(admin, "SET client_min_messages = error; DROP SCHEMA " + schema + " CASCADE");
    PQfinish(admin);
}

void measureSqlite(std::uint64_t count) {
    const auto folder = std::filesystem::temp_directory_path() / fmt::format("bench_store_{}", ::getpid());
    std::filesystem::create_directory(folder);
    {
        auto store = prepared({.address = *services::readStoreAddress("sqlite:" + (folder / "events.sqlite").string()),
                               .clusterId = "bench"});
        fmt::print("SQLite, commits of {}, one session: {:.0f} rows/s\n", kBatch,
                   commits(*store, {makeRows(count, 0, store_rows::kDue)}, kBatch));
        const std::vector<Rows> three{makeRows(count / 3, count, store_rows::kDue + 1h),
                                      makeRows(count / 3, 2 * count, store_rows::kDue + 1h),
                                      makeRows(count / 3, 3 * count, store_rows::kDue + 1h)};
        fmt::print("SQLite, commits of {}, three sessions: {:.0f} rows/s\n", kBatch, commits(*store, three, kBatch));
    }
    std::filesystem::remove_all(folder);
}

} // namespace

int main(int argc, char** argv) {
    const std::uint64_t count = argc > 1 ? std::strtoull(argv[1], nullptr, 10) : 500'000;
    const char* server = std::getenv("MILLRACE_STORE");
    if (server == nullptr) {
        std::fputs("start the servers with tests/stack/up\n", stderr);
        return 2;
    }
    measurePostgres(server, count);
    measureSqlite(count);
    return 0;
}
