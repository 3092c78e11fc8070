// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/store/sqlite/sqlite_search.h"

#include "services/store/search_query.h"

#include <fmt/format.h>

#include <chrono>

namespace services {

namespace {

using Clock = std::chrono::steady_clock;
using End = core::LogPage::End;

constexpr std::uint64_t kRowsBetweenLooks = 512; ///< at the clock and the stop
constexpr int kFirstListPlace = 6;

/// "?6, ?7, …" for as many values, and the place behind them.
std::string places(std::size_t count, int& next) {
    std::string list;
    for (std::size_t i = 0; i < count; ++i) {
        list += fmt::format("{}?{}", i == 0 ? "" : ", ", next++);
    }
    return list;
}

/// The columns of every row in the range, newest first; the first one says whether it fits.
std::string statementFor(const core::LogQuery& query, const IdWalk& walk) {
    int place = kFirstListPlace;
    std::string fits = R"(message LIKE ?3 ESCAPE '\')";
    if (!query.sources.empty()) {
        fits += fmt::format(" AND source IN ({})", places(query.sources.size(), place));
    }
    if (!query.levels.empty()) {
        fits += fmt::format(" AND level IN ({})", places(query.levels.size(), place));
    }
    if (walk.onlyTimed) {
        fits += " AND (substr(hex(id), 13, 1) = '7')";
    }
    return fmt::format(R"(SELECT {}, id, level, substr(message, 1, ?4), length(message) > ?4, source, "timestamp",
                                 trace_id, processed_at
                          FROM log_events WHERE id {} ?1 AND id >= ?2 ORDER BY id DESC LIMIT ?5)",
                       fits, walk.belowIncluded ? "<=" : "<");
}

void bindAll(SqliteStatement& statement, const core::LogQuery& query, const IdWalk& walk, const std::string& pattern) {
    statement.bind(1, walk.below).bind(2, walk.lowest).bind(3, std::string_view(pattern));
    statement.bind(4, std::int64_t{kLongestMessage});
    statement.bind(5, static_cast<std::int64_t>(query.mostRead));
    int place = kFirstListPlace;
    for (const std::string& source : query.sources) {
        statement.bind(place++, std::string_view(source));
    }
    for (const core::Level level : query.levels) {
        statement.bind(place++, core::nameOf(level));
    }
}

core::LogRow rowOf(const SqliteStatement& found, const core::EventId& id) {
    return {.id = id,
            .level = found.text(2),
            .message = found.text(3),
            .cut = found.integer(4) != 0,
            .source = found.text(5),
            .timestamp = wallTimeOf(found.integer(6)),
            .traceId = found.text(7),
            .processedAt = wallTimeOf(found.integer(8))};
}

} // namespace

SqliteReader::SqliteReader(std::string path, std::unique_ptr<SqliteDatabase> database)
    : m_path(std::move(path)), m_database(std::move(database)) {}

core::Result<std::unique_ptr<core::StoreReader>> SqliteReader::open(const core::SqliteAddress& address,
                                                                    const StoreOptions& options) {
    auto database = SqliteDatabase::open(address.file, SqliteDatabase::Mode::ReadOnly,
                                         std::chrono::duration_cast<std::chrono::milliseconds>(options.lockTimeout));
    if (!database) {
        return database.error();
    }
    return std::unique_ptr<core::StoreReader>(new SqliteReader(address.file, std::move(*database)));
}

core::Result<core::LogPage> SqliteReader::search(const core::LogQuery& query, std::stop_token stop) {
    if (auto checked = checkQuery(query); !checked) {
        return checked.error();
    }
    const core::Instant deadline = Clock::now() + query.timeout;
    const IdWalk walk = walkOf(query);
    auto statement = m_database->prepare(statementFor(query, walk).c_str());
    if (!statement) {
        return statement.error();
    }
    const std::string pattern = likePattern(query.text);
    bindAll(*statement, query, walk, pattern);
    core::LogPage page;
    core::EventId last;
    for (std::uint64_t read = 0;; ++read) {
        if (stop.stop_requested()) {
            return core::transient(fmt::format("searching: {}: cut off by the stop", describe()));
        }
        if (read > 0 && read % kRowsBetweenLooks == 0 && Clock::now() >= deadline) {
            endPage(page, End::TimedOut, last);
            return page;
        }
        const auto row = statement->step();
        if (!row) {
            return row.error();
        }
        if (!*row) {
            if (read == query.mostRead && read > 0) {
                endPage(page, End::MostRead, last);
            }
            return page;
        }
        if (const auto id = statement->id(1)) {
            last = *id;
        }
        if (statement->integer(0) == 0) {
            continue;
        }
        page.rows.push_back(rowOf(*statement, last));
        if (page.rows.size() == query.limit) {
            endPage(page, End::Limit, last);
            return page;
        }
    }
}

core::Result<std::vector<core::StoredRun>> SqliteReader::runs(std::uint32_t most, std::stop_token stop) {
    auto statement = m_database->prepare(
        R"(SELECT id, started, CASE WHEN json_valid(head) THEN json_extract(head, '$.run.name') END,
                  CASE WHEN json_valid(head) AND json_extract(head, '$.verdict.summary') <> ''
                       THEN json_extract(head, '$.verdict.status') END,
                  (SELECT group_concat(value, char(31)) FROM json_each(CASE WHEN json_valid(tags) THEN tags ELSE '[]' END))
           FROM runs ORDER BY started DESC, id DESC LIMIT ?1)");
    if (!statement) {
        return statement.error();
    }
    statement->bind(1, std::int64_t{most});
    std::vector<core::StoredRun> runs;
    while (!stop.stop_requested()) {
        const auto row = statement->step();
        if (!row) {
            return row.error();
        }
        if (!*row) {
            return runs;
        }
        runs.push_back({.id = statement->text(0),
                        .name = statement->text(2),
                        .started = wallTimeOf(statement->integer(1)),
                        .verdict = statement->text(3),
                        .tags = tagsOf(statement->text(4))});
    }
    return core::transient(fmt::format("listing the runs: {}: cut off by the stop", describe()));
}

core::Result<std::optional<std::string>> SqliteReader::runHead(const std::string& id, std::stop_token) {
    auto statement = m_database->prepare("SELECT head FROM runs WHERE id = ?1");
    if (!statement) {
        return statement.error();
    }
    statement->bind(1, id);
    const auto row = statement->step();
    if (!row) {
        return row.error();
    }
    return *row ? std::optional(statement->text(0)) : std::nullopt;
}

std::string SqliteReader::describe() const {
    return "SQLite file " + m_path;
}

} // namespace services
