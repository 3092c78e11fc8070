// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/store/postgres/postgres_rows.h"

#include "services/store/postgres/binary_copy.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <pqxx/pqxx>

#include <algorithm>
#include <array>
#include <cctype>
#include <chrono>

namespace services {

using namespace std::chrono_literals;

namespace {

constexpr std::uint64_t kSmallestRow = 36;      // bytes of a page that a row takes at least, by PostgreSQL's layout
constexpr std::int64_t kBefore = 128;           // pages: new ones are handed out in bunches, and filled in any order
constexpr std::int64_t kMostPages = 32'768;     // that a look goes back at most, 256 MiB
constexpr std::size_t kMostLooks = 4'096;       // that are remembered while a transaction stays open
constexpr std::uint64_t kProgressEvery = 4'096; // rows
constexpr int kOldestToFollow = 140'000;        // finds rows by their page

std::string text(const pqxx::row& row, int column) {
    const auto field = row[static_cast<pqxx::row::size_type>(column)];
    return field.is_null() ? std::string() : std::string(field.c_str(), field.size());
}

std::string quoted(const pqxx::transaction_base& query, const std::string& name) {
    return query.quote_name(name);
}

/// A UUID as text: with dashes or without, in either case.
std::optional<core::EventId> idOfText(std::string_view text) {
    while (!text.empty() && text.back() == ' ') { // of char(n)
        text.remove_suffix(1);
    }
    if (text.size() == core::EventId::kTextLength) {
        return core::EventId::parse(text);
    }
    constexpr std::size_t kDigits = 32;
    if (text.size() != kDigits) {
        return std::nullopt;
    }
    std::string dashed(text);
    for (const std::size_t at : {8U, 13U, 18U, 23U}) {
        dashed.insert(at, 1, '-');
    }
    return core::EventId::parse(dashed);
}

std::optional<core::EventId> idOfBytes(std::string_view bytes) {
    core::EventId id;
    if (bytes.size() != id.bytes.size()) {
        return std::nullopt;
    }
    std::ranges::copy(bytes, reinterpret_cast<char*>(id.bytes.data()));
    return id;
}

/// "a, b and 12 more".
std::string someOf(const std::vector<std::string>& names) {
    constexpr std::size_t kMost = 15;
    if (names.size() <= kMost) {
        return fmt::format("{}", fmt::join(names, ", "));
    }
    return fmt::format("{} and {} more", fmt::join(names.begin(), names.begin() + kMost, ", "), names.size() - kMost);
}

} // namespace

PostgresRows::PostgresRows(PostgresSettings settings, const StoreOptions& options, std::stop_token stop)
    : m_link(std::move(settings), options.timeout, m_watchdog, std::move(stop)) {}

core::Result<std::unique_ptr<core::AuditedRows>> PostgresRows::open(const core::PostgresAddress& address,
                                                                    const core::AuditedTable& table,
                                                                    const StoreOptions& options, std::stop_token stop) {
    std::unique_ptr<PostgresRows> rows(new PostgresRows(
        PostgresSettings::create(address, options.timeout, options.lockTimeout), options, std::move(stop)));
    const core::Status examined =
        rows->m_link.call("examining table " + table.table,
                          [&](PostgresConnection& connection, Watch&) { return rows->examine(connection, table); });
    if (!examined) {
        return examined.error();
    }
    return std::unique_ptr<core::AuditedRows>(std::move(rows));
}

core::Status PostgresRows::examine(PostgresConnection& connection, const core::AuditedTable& table) {
    {
        const auto query = connection.query();
        if (core::Status found = findTable(*query, table.table); !found) {
            return found;
        }
        if (core::Status found = findColumns(*query, table); !found) {
            return found;
        }
        const auto pageSize = (*query).exec("SELECT current_setting('block_size')::bigint")[0][0].as<std::uint64_t>();
        std::uint64_t bytes = 0;
        for (const Heap& heap : heaps(*query)) {
            m_firstPages[heap.name] = heap.pages;
            bytes += static_cast<std::uint64_t>(heap.pages) * pageSize;
        }
        const bool isView = m_firstPages.empty();
        m_facts.mostRows = isView ? 0 : std::max<std::uint64_t>(bytes / kSmallestRow, 1);
        if (isView) {
            m_facts.notFollowed =
                fmt::format("{} is a view or lies elsewhere, and has no pages to look at", m_facts.table);
        } else if (connection.serverVersion() < kOldestToFollow) {
            m_facts.notFollowed =
                "this PostgreSQL is older than version 14 and cannot look at a table's last pages only";
        }
    }
    measureClock(connection);
    return {};
}

core::Status PostgresRows::findTable(pqxx::transaction_base& query, const std::string& name) {
    constexpr const char* kReadable = "c.relkind IN ('r', 'p', 'v', 'm', 'f')";
    const auto found = execParams(
        query,
        fmt::format("SELECT c.oid::text, format('%I.%I', n.nspname, c.relname), c.relkind::text, "
                    "greatest(c.reltuples, 0)::bigint FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace "
                    "WHERE c.oid = to_regclass($1) AND {}",
                    kReadable),
        name);
    if (found.empty()) {
        std::vector<std::string> names;
        for (const auto& row :
             query.exec(fmt::format("SELECT c.oid::regclass::text FROM pg_class c JOIN pg_namespace n ON n.oid = "
                                    "c.relnamespace WHERE {} AND n.nspname !~ '^(pg_|information_schema$)' "
                                    "AND NOT c.relispartition ORDER BY 1",
                                    kReadable))) {
            names.push_back(text(row, 0));
        }
        return core::invalid(fmt::format("{}: there is no table {}", m_link.description(), name),
                             names.empty() ? "This database has no table at all."
                                           : fmt::format("There are: {}.", someOf(names)));
    }
    m_oid = text(found[0], 0);
    m_facts.table = text(found[0], 1);
    m_kind = text(found[0], 2)[0];
    m_facts.rows = found[0][3].as<std::uint64_t>();
    return {};
}

core::Status PostgresRows::findColumns(pqxx::transaction_base& query, const core::AuditedTable& table) {
    std::map<std::string, std::string> types;
    std::vector<std::string> shown;
    for (const auto& row : execParams(query,
                                      "SELECT attname, format_type(atttypid, NULL) FROM pg_attribute "
                                      "WHERE attrelid = $1::oid AND attnum > 0 AND NOT attisdropped ORDER BY attnum",
                                      m_oid)) {
        types[text(row, 0)] = text(row, 1);
        shown.push_back(fmt::format("{} ({})", text(row, 0), text(row, 1)));
    }
    const auto find = [&](std::string name) { // as SQL does: what is not in quotes is lower case
        if (!types.contains(name)) {
            std::ranges::transform(name, name.begin(),
                                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
        }
        return types.find(name);
    };
    const auto missing = [&](const std::string& name) {
        return core::invalid(fmt::format("{} has no column {}", m_facts.table, name),
                             fmt::format("It has: {}.", someOf(shown)));
    };
    const auto id = find(table.id);
    if (id == types.end()) {
        return missing(table.id);
    }
    constexpr std::array<std::string_view, 4> kTexts{"text", "character varying", "character", "citext"};
    m_idIsText = std::ranges::find(kTexts, id->second) != kTexts.end();
    if (!m_idIsText && id->second != "uuid") {
        return core::invalid(fmt::format("Column {} of {} is of type {}, which holds no event's id", id->first,
                                         m_facts.table, id->second),
                             fmt::format("Name one of type uuid or text. It has: {}.", someOf(shown)));
    }
    m_idColumn = quoted(query, id->first) + (m_idIsText ? "::text" : "");
    if (table.storedAt.empty()) {
        return findStoredAt(query, table, "");
    }
    const auto storedAt = find(table.storedAt);
    if (storedAt == types.end()) {
        return missing(table.storedAt);
    }
    if (!storedAt->second.starts_with("timestamp")) {
        return core::invalid(fmt::format("Column {} of {} is of type {}, which says no instant", storedAt->first,
                                         m_facts.table, storedAt->second),
                             fmt::format("Name one of type timestamptz or timestamp. It has: {}.", someOf(shown)));
    }
    m_storedAtColumn = quoted(query, storedAt->first) + "::timestamptz";
    return findStoredAt(query, {table.table, table.id, storedAt->first}, storedAt->second);
}

core::Status PostgresRows::findStoredAt(pqxx::transaction_base& query, const core::AuditedTable& table,
                                        const std::string& type) {
    const auto setting = [&query](const char* name) {
        return text(execParams(query, "SELECT current_setting($1)", name)[0], 0);
    };
    if (!table.storedAt.empty()) {
        m_facts.storedAt = core::StoredAtSource::Column;
        m_facts.storedAtText = fmt::format(
            "Stored at: column {}, as whoever writes the rows fills it. A default of now() is the time at which the "
            "transaction began, which is earlier than its commit.",
            table.storedAt);
        if (type.find("without") != std::string::npos) {
            m_facts.storedAtText += fmt::format(" It has no time zone and is read as one of {}.", setting("TimeZone"));
        }
        return {};
    }
    if (m_kind == 'v' || m_kind == 'f') {
        m_facts.storedAtText =
            fmt::format("Stored at: not known. {} is a view or lies elsewhere, and its rows do not say "
                        "which transaction wrote them; name a column with the time.",
                        m_facts.table);
        return {};
    }
    if (setting("track_commit_timestamp") != "on") {
        m_facts.storedAtText = "Stored at: not known. The server does not keep the times of commits "
                               "(track_commit_timestamp is off; to switch it on it must be started anew, and rows that "
                               "are there already stay without); or name a column with the time.";
        return {};
    }
    m_facts.storedAt = core::StoredAtSource::Commit;
    m_facts.storedAtText = "Stored at: the commit's time, which the server keeps (track_commit_timestamp).";
    m_storedAtColumn = "pg_xact_commit_timestamp(xmin)";
    return {};
}

/// The best of some round trips, as clocks on two hosts are compared: the server read its own in the middle of it.
void PostgresRows::measureClock(PostgresConnection& connection) {
    constexpr int kTries = 8;
    core::Nanoseconds best = core::Nanoseconds::max();
    const auto query = connection.query();
    for (int i = 0; i < kTries; ++i) {
        const core::WallTime before = std::chrono::system_clock::now();
        const auto row = query->exec("SELECT (extract(epoch FROM clock_timestamp()) * 1000000)::bigint");
        const core::Nanoseconds trip = std::chrono::system_clock::now() - before;
        if (trip >= core::Nanoseconds{} && trip < best) {
            best = trip;
            const core::WallTime there(std::chrono::microseconds(row[0][0].as<std::int64_t>()));
            m_facts.clockAhead = there - (before + trip / 2);
            m_facts.clockError = trip / 2;
        }
    }
}

std::vector<PostgresRows::Heap> PostgresRows::heaps(pqxx::transaction_base& query) const {
    const std::string which =
        m_kind == 'p' ? "SELECT relid FROM pg_partition_tree($1::oid) WHERE isleaf" : "SELECT $1::oid";
    std::vector<Heap> found;
    for (const auto& row :
         execParams(query,
                    fmt::format("SELECT format('%I.%I', n.nspname, c.relname), pg_relation_size(c.oid) / "
                                "current_setting('block_size')::bigint FROM pg_class c "
                                "JOIN pg_namespace n ON n.oid = c.relnamespace "
                                "WHERE c.relkind IN ('r', 'm') AND c.oid IN ({})",
                                which),
                    m_oid)) {
        const auto first = m_firstPages.find(text(row, 0));
        found.push_back({text(row, 0), row[1].as<std::int64_t>(), first == m_firstPages.end() ? 0 : first->second});
    }
    return found;
}

/// `from`: what stands behind FROM.
void PostgresRows::copy(PostgresConnection& connection, Watch& watch, const std::string& from, bool added,
                        const Take& take) const {
    const std::string statement = fmt::format("COPY (SELECT {}{}{} FROM {}) TO STDOUT (FORMAT binary)", m_idColumn,
                                              m_storedAtColumn.empty() ? "" : ", ", m_storedAtColumn, from);
    std::uint64_t rows = 0;
    copyOut(connection, statement.c_str(), [&](std::string_view message) {
        if (++rows % kProgressEvery == 0) {
            watch.progress();
        }
        CopiedRow copied(message);
        if (copied.isTrailer()) {
            return;
        }
        core::AuditedRow row;
        row.added = added;
        if (const auto id = copied.next()) {
            row.id = m_idIsText ? idOfText(*id) : idOfBytes(*id);
        }
        if (!m_storedAtColumn.empty()) {
            if (const auto at = copied.next()) {
                row.storedAt = timestampOf(*at);
            }
        }
        take(row);
    });
}

core::Status PostgresRows::each(const Take& take, const std::stop_token& stop) {
    return m_link.call(
        "reading " + m_facts.table, stop, [&](PostgresConnection& connection, Watch& watch) -> core::Status {
            const auto transaction = connection.begin();
            transaction->exec("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY");
            transaction->exec("SET LOCAL statement_timeout = 0"); // the watch bounds each step instead of the whole
            const std::vector<Heap> parts = heaps(*transaction);
            if (parts.empty()) {
                copy(connection, watch, m_facts.table, true, take);
            }
            for (const Heap& heap : parts) { // what was there first, then what was added
                const std::string page = fmt::format("'({},0)'::tid", heap.first);
                if (heap.first > 0) {
                    copy(connection, watch, fmt::format("ONLY {} WHERE ctid < {}", heap.name, page), false, take);
                }
                copy(connection, watch, fmt::format("ONLY {} WHERE ctid >= {}", heap.name, page), true, take);
            }
            transaction->commit();
            return {};
        });
}

/// A transaction that was open at the last look may have put rows where that look has been: this one goes back to the
/// look before which none of them can have begun.
core::Status PostgresRows::followed(const Take& take, const std::stop_token& stop) {
    return m_link.call(
        "following " + m_facts.table, stop, [&](PostgresConnection& connection, Watch& watch) -> core::Status {
            const auto transaction = connection.begin(); // each statement sees what is committed by then
            transaction->exec("SET TRANSACTION READ ONLY");
            Look now; // the pages first: whoever begins after the second statement writes behind them
            const std::vector<Heap> parts = heaps(*transaction);
            for (const Heap& heap : parts) {
                now.pages[heap.name] = heap.pages;
            }
            const auto open =
                transaction->exec("SELECT txid_snapshot_xmin(s), txid_snapshot_xmax(s) FROM txid_current_snapshot() s");
            const auto oldestOpen = open[0][0].as<std::uint64_t>();
            now.nextTransaction = open[0][1].as<std::uint64_t>();
            while (m_looks.size() > 1 && m_looks[1].nextTransaction <= m_oldestOpen) {
                m_looks.pop_front();
            }
            for (const Heap& heap : parts) {
                std::int64_t from = heap.first;
                if (!m_looks.empty() && m_looks.front().nextTransaction <= m_oldestOpen) {
                    const auto seen = m_looks.front().pages.find(heap.name);
                    from = seen == m_looks.front().pages.end() ? 0 : std::max(from, seen->second);
                }
                from = std::max({std::int64_t{}, from - kBefore, heap.pages - kMostPages});
                copy(connection, watch, fmt::format("ONLY {} WHERE ctid >= '({},0)'::tid", heap.name, from), true,
                     take);
            }
            transaction->commit();
            m_oldestOpen = oldestOpen;
            m_looks.push_back(std::move(now));
            if (m_looks.size() > kMostLooks) {
                m_looks.erase(m_looks.begin() + 1); // the first one still counts
            }
            return {};
        });
}

std::vector<std::pair<std::string, std::string>> PostgresRows::serverFacts() {
    using Facts = std::vector<std::pair<std::string, std::string>>;
    auto facts = m_link.call("reading the settings", [](PostgresConnection& connection, Watch&) -> core::Result<Facts> {
        const auto query = connection.query();
        Facts found{{"store", "PostgreSQL"}};
        for (const char* name : {"server_version", "fsync", "synchronous_commit", "track_commit_timestamp"}) {
            found.emplace_back(name, text(execParams(*query, "SELECT current_setting($1)", name)[0], 0));
        }
        found[1].first = "version";
        return found;
    });
    return facts ? std::move(*facts) : Facts{{"store", "PostgreSQL"}};
}

} // namespace services
