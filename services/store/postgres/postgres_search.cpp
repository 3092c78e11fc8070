// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/store/postgres/postgres_search.h"

#include "services/store/postgres/postgres_error.h"
#include "services/store/search_query.h"

#include <fmt/format.h>
#include <pqxx/pqxx>

#include <algorithm>
#include <chrono>

namespace services {

namespace {

using Clock = std::chrono::steady_clock;
using End = core::LogPage::End;
using Watch = SocketWatchdog::Watch;

constexpr std::uint64_t kRowsAtOnce = 20'000; ///< rows; some 20 ms where they are in memory

/// As PostgreSQL reads an array: {"a","b"}.
std::string listText(const std::vector<std::string>& values) {
    std::string text = "{";
    for (const std::string& value : values) {
        text += text.size() == 1 ? "\"" : ",\"";
        for (const char c : value) {
            if (c == '"' || c == '\\') {
                text += '\\';
            }
            text += c;
        }
        text += '"';
    }
    return text + "}";
}

std::vector<std::string> namesOf(const std::vector<core::Level>& levels) {
    std::vector<std::string> names;
    for (const core::Level level : levels) {
        names.emplace_back(core::nameOf(level));
    }
    return names;
}

std::string microseconds(const char* column) {
    return fmt::format("CASE WHEN isfinite(\"{0}\") THEN (extract(epoch FROM \"{0}\") * 1000000)::bigint END", column);
}

/// One slice: the rows that fit, and always the slice's last one, which says where to go on. Counting them is a part
/// of the walk down the index: nothing is sorted nor kept. Parameters: 1 below, 2 lowest, 3 rows of the slice,
/// 4 sources, 5 levels, 6 pattern, 7 only version 7, 8 rows wanted, 9 the last row's number.
std::string sliceStatement(const IdWalk& walk) {
    return fmt::format(
        R"(SELECT id::text, level, left(message, {1}), length(message) > {1}, source, {2}, trace_id, {3}, fits, place
           FROM (SELECT *, row_number() OVER (ORDER BY id DESC) AS place,
                        (cardinality($4::text[]) = 0 OR source = ANY ($4::text[])) AND
                        (cardinality($5::text[]) = 0 OR level = ANY ($5::text[])) AND
                        ($6 = '%' OR message ILIKE $6) AND
                        (NOT $7::boolean OR get_byte(uuid_send(id), 6) >> 4 = 7) AS fits
                 FROM log_events WHERE id {0} $1::uuid AND id >= $2::uuid ORDER BY id DESC LIMIT $3::bigint) AS slice
           WHERE fits OR place = $9::bigint ORDER BY place LIMIT $8::bigint)",
        walk.belowIncluded ? "<=" : "<", kLongestMessage, microseconds("timestamp"), microseconds("processed_at"));
}

std::string textOf(const pqxx::row& row, int column) {
    const auto field = row[static_cast<pqxx::row::size_type>(column)];
    return field.is_null() ? std::string() : std::string(field.c_str(), field.size());
}

std::optional<core::WallTime> timeOf(const pqxx::row& row, int column) {
    const auto field = row[static_cast<pqxx::row::size_type>(column)];
    return field.is_null() ? std::nullopt : wallTimeOf(field.as<std::int64_t>());
}

core::LogRow rowOf(const pqxx::row& row, const core::EventId& id) {
    return {.id = id,
            .level = textOf(row, 1),
            .message = textOf(row, 2),
            .cut = row[3].as<bool>(),
            .source = textOf(row, 4),
            .timestamp = timeOf(row, 5),
            .traceId = textOf(row, 6),
            .processedAt = timeOf(row, 7)};
}

/// A page in the making.
class Walk {
public:
    Walk(const core::LogQuery& query, pqxx::transaction_base& transaction)
        : m_query(query),
          m_transaction(transaction),
          m_walk(walkOf(query)),
          m_sources(listText(query.sources)),
          m_levels(listText(namesOf(query.levels))),
          m_pattern(likePattern(query.text)),
          m_deadline(Clock::now() + query.timeout) {}

    core::LogPage run() {
        while (!m_over) {
            const auto left = std::chrono::ceil<std::chrono::milliseconds>(m_deadline - Clock::now());
            if (left.count() <= 0 || !takeSlice(left)) {
                end(End::TimedOut);
            }
        }
        return std::move(m_page);
    }

private:
    /// False: the time was up.
    bool takeSlice(std::chrono::milliseconds left) {
        const std::uint64_t size = std::min(kRowsAtOnce, m_query.mostRead - m_read);
        pqxx::result rows;
        try {
            m_transaction.exec(fmt::format("SET LOCAL statement_timeout = {}", left.count()));
            rows = execParams(m_transaction, sliceStatement(m_walk), m_walk.below.text(), m_walk.lowest.text(), size,
                              m_sources, m_levels, m_pattern, m_walk.onlyTimed, m_query.limit - m_page.rows.size() + 1,
                              size);
        } catch (const pqxx::failure&) {
            constexpr std::string_view kCancelled = "57014";
            if (currentFailure().sqlstate != kCancelled) {
                throw;
            }
            return false;
        }
        bool full = false;
        for (const auto& row : rows) {
            full = append(row, size) || full;
        }
        m_read += size;
        if (m_over) {
            return true;
        }
        if (!full) {
            m_over = true; // fewer rows than the slice has room for: nothing older is left
        } else if (m_read == m_query.mostRead) {
            end(End::MostRead);
        }
        return true;
    }

    /// True if it was the last row of a full slice.
    bool append(const pqxx::row& row, std::uint64_t size) {
        const auto id = core::EventId::parse(row[0].c_str());
        if (!id || m_over) {
            return false;
        }
        m_walk.below = *id;
        m_walk.belowIncluded = false;
        m_reached = id;
        if (row[8].as<bool>()) {
            m_page.rows.push_back(rowOf(row, *id));
            if (m_page.rows.size() == m_query.limit) {
                end(End::Limit);
            }
        }
        return row[9].as<std::uint64_t>() == size;
    }

    void end(End why) {
        m_over = true;
        if (!m_reached && !m_query.before) { // not one row in time: the next page begins where this one did
            m_page.end = why;
            m_page.next = m_walk.below;
            return;
        }
        endPage(m_page, why, m_reached ? *m_reached : *m_query.before);
    }

    const core::LogQuery& m_query;
    pqxx::transaction_base& m_transaction;
    IdWalk m_walk;
    std::string m_sources, m_levels, m_pattern;
    core::Instant m_deadline;
    core::LogPage m_page;
    std::optional<core::EventId> m_reached;
    std::uint64_t m_read = 0;
    bool m_over = false;
};

} // namespace

PostgresReader::PostgresReader(PostgresSettings settings, core::Nanoseconds timeout)
    : m_link(std::move(settings), timeout, m_watchdog, {}) {}

core::Result<std::unique_ptr<core::StoreReader>> PostgresReader::open(const core::PostgresAddress& address,
                                                                      const StoreOptions& options) {
    return std::unique_ptr<core::StoreReader>(
        new PostgresReader(PostgresSettings::create(address, options.timeout, options.lockTimeout), options.timeout));
}

core::Result<core::LogPage> PostgresReader::search(const core::LogQuery& query, std::stop_token stop) {
    if (auto checked = checkQuery(query); !checked) {
        return checked.error();
    }
    return m_link.call("searching", std::move(stop),
                       [&](PostgresConnection& connection, Watch&) -> core::Result<core::LogPage> {
                           const auto transaction = connection.begin();
                           transaction->exec("SET TRANSACTION READ ONLY");
                           return Walk(query, *transaction).run();
                       });
}

core::Result<std::vector<core::StoredRun>> PostgresReader::runs(std::uint32_t most, std::stop_token stop) {
    using Runs = std::vector<core::StoredRun>;
    const auto list = [most](PostgresConnection& connection, Watch&) -> core::Result<Runs> {
        const auto transaction = connection.begin();
        transaction->exec("SET TRANSACTION READ ONLY");
        Runs runs;
        for (
            const auto& row : execParams(
                *transaction,
                fmt::format(
                    R"(SELECT id, {}, head #>> '{{run,name}}', CASE WHEN head #>> '{{verdict,summary}}' <> '' THEN head #>> '{{verdict,status}}' END,
                                       array_to_string(tags, E'\x1f')
                                FROM runs ORDER BY started DESC, id DESC LIMIT $1::bigint)",
                    microseconds("started")),
                most)) {
            runs.push_back({.id = textOf(row, 0),
                            .name = textOf(row, 2),
                            .started = timeOf(row, 1),
                            .verdict = textOf(row, 3),
                            .tags = tagsOf(textOf(row, 4))});
        }
        return runs;
    };
    return m_link.call("listing the runs", std::move(stop), list);
}

core::Result<std::optional<std::string>> PostgresReader::runHead(const std::string& id, std::stop_token stop) {
    using Head = std::optional<std::string>;
    const auto find = [&id](PostgresConnection& connection, Watch&) -> core::Result<Head> {
        const auto transaction = connection.begin();
        transaction->exec("SET TRANSACTION READ ONLY");
        const auto found = execParams(*transaction, "SELECT head FROM runs WHERE id::text = $1", id);
        return found.empty() ? Head() : Head(textOf(found[0], 0));
    };
    return m_link.call("reading a run", std::move(stop), find);
}

std::string PostgresReader::describe() const {
    return m_link.description();
}

} // namespace services
