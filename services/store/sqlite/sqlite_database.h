// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/event/event_id.h"
#include "core/result.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

struct sqlite3;
struct sqlite3_stmt;

namespace services {

class SqliteDatabase;

/// A prepared statement. Bound texts must live until the next reset(). One thread.
class SqliteStatement {
public:
    SqliteStatement(SqliteStatement&&) noexcept = default;
    SqliteStatement& operator=(SqliteStatement&&) noexcept = default;

    SqliteStatement& bind(int place, std::string_view text);
    SqliteStatement& bind(int place, const core::EventId& id);
    SqliteStatement& bind(int place, std::int64_t number);
    SqliteStatement& bindBytes(int place, std::string_view bytes);
    SqliteStatement& bindNull(int place);

    /// True: there is a row; false: done. Resets after the last row or an error, so that it can be used again.
    core::Result<bool> step();
    void reset();

    std::int64_t integer(int column) const;
    bool null(int column) const;
    std::string text(int column) const;
    std::optional<core::EventId> id(int column) const; ///< nothing unless the value is a blob of 16 bytes

private:
    friend class SqliteDatabase;

    struct Finalize {
        void operator()(sqlite3_stmt* statement) const;
    };
    SqliteStatement(SqliteDatabase* database, sqlite3_stmt* statement) : m_database(database), m_statement(statement) {}

    SqliteDatabase* m_database;
    std::unique_ptr<sqlite3_stmt, Finalize> m_statement;
};

/// An SQLite file. Errors are sentences that name the file; a full disk is Fatal and begins with 'local disk full'. One
/// thread at a time.
class SqliteDatabase {
public:
    enum class Mode { ReadWrite, ReadOnly };
    static core::Result<std::unique_ptr<SqliteDatabase>> open(const std::string& path, Mode mode,
                                                              std::chrono::milliseconds busyTimeout);
    core::Status execute(const char* statements);
    core::Result<SqliteStatement> prepare(const char* statement);
    std::int64_t changes() const; ///< rows that the last INSERT, UPDATE or DELETE touched
    /// The last error, as the caller's next step and a sentence.
    core::Error error(std::string_view what) const;
    /// The last error was about the values of one row.
    bool rowRefused() const;

private:
    struct Close {
        void operator()(sqlite3* database) const;
    };
    SqliteDatabase(std::string path, sqlite3* database) : m_path(std::move(path)), m_database(database) {}

    std::string m_path;
    std::unique_ptr<sqlite3, Close> m_database;
};

} // namespace services
