// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/store/sqlite/sqlite_database.h"

#include <fmt/format.h>
#include <sqlite3.h>

#include <algorithm>

namespace services {

void SqliteStatement::Finalize::operator()(sqlite3_stmt* statement) const {
    sqlite3_finalize(statement);
}

SqliteStatement& SqliteStatement::bind(int place, std::string_view text) {
    // SQLITE_STATIC: no copy. A null pointer would bind NULL.
    sqlite3_bind_text(m_statement.get(), place, text.data() == nullptr ? "" : text.data(),
                      static_cast<int>(text.size()), nullptr);
    return *this;
}

SqliteStatement& SqliteStatement::bind(int place, const core::EventId& id) {
    sqlite3_bind_blob(m_statement.get(), place, id.bytes.data(), static_cast<int>(id.bytes.size()), nullptr);
    return *this;
}

SqliteStatement& SqliteStatement::bind(int place, std::int64_t number) {
    sqlite3_bind_int64(m_statement.get(), place, number);
    return *this;
}

SqliteStatement& SqliteStatement::bindBytes(int place, std::string_view bytes) {
    sqlite3_bind_blob(m_statement.get(), place, bytes.data() == nullptr ? "" : bytes.data(),
                      static_cast<int>(bytes.size()), nullptr);
    return *this;
}

SqliteStatement& SqliteStatement::bindNull(int place) {
    sqlite3_bind_null(m_statement.get(), place);
    return *this;
}

core::Result<bool> SqliteStatement::step() {
    const int answer = sqlite3_step(m_statement.get());
    if (answer == SQLITE_ROW) {
        return true;
    }
    if (answer == SQLITE_DONE) {
        sqlite3_reset(m_statement.get());
        return false;
    }
    core::Error error = m_database->error("using the store");
    sqlite3_reset(m_statement.get());
    return error;
}

void SqliteStatement::reset() {
    sqlite3_reset(m_statement.get());
}

std::int64_t SqliteStatement::integer(int column) const {
    return sqlite3_column_int64(m_statement.get(), column);
}

bool SqliteStatement::null(int column) const {
    return sqlite3_column_type(m_statement.get(), column) == SQLITE_NULL;
}

std::string SqliteStatement::text(int column) const {
    const unsigned char* text = sqlite3_column_text(m_statement.get(), column);
    const auto length = static_cast<std::size_t>(sqlite3_column_bytes(m_statement.get(), column));
    return text == nullptr ? std::string() : std::string(reinterpret_cast<const char*>(text), length);
}

std::optional<core::EventId> SqliteStatement::id(int column) const {
    core::EventId id;
    const void* bytes = sqlite3_column_blob(m_statement.get(), column);
    if (bytes == nullptr || sqlite3_column_bytes(m_statement.get(), column) != static_cast<int>(id.bytes.size())) {
        return std::nullopt;
    }
    std::copy_n(static_cast<const std::uint8_t*>(bytes), id.bytes.size(), id.bytes.begin());
    return id;
}

void SqliteDatabase::Close::operator()(sqlite3* database) const {
    sqlite3_close_v2(database);
}

core::Result<std::unique_ptr<SqliteDatabase>> SqliteDatabase::open(const std::string& path, Mode mode,
                                                                   std::chrono::milliseconds busyTimeout) {
    sqlite3* raw = nullptr;
    const int flags = SQLITE_OPEN_NOMUTEX |
                      (mode == Mode::ReadOnly ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE);
    const int answer = sqlite3_open_v2(path.c_str(), &raw, flags, nullptr);
    std::unique_ptr<SqliteDatabase> database(new SqliteDatabase(path, raw));
    if (answer != SQLITE_OK) {
        return database->error("opening the store");
    }
    sqlite3_busy_timeout(raw, static_cast<int>(busyTimeout.count()));
    return database;
}

core::Status SqliteDatabase::execute(const char* statements) {
    if (sqlite3_exec(m_database.get(), statements, nullptr, nullptr, nullptr) != SQLITE_OK) {
        return error("using the store");
    }
    return {};
}

core::Result<SqliteStatement> SqliteDatabase::prepare(const char* statement) {
    sqlite3_stmt* raw = nullptr;
    if (sqlite3_prepare_v3(m_database.get(), statement, -1, SQLITE_PREPARE_PERSISTENT, &raw, nullptr) != SQLITE_OK) {
        return error("using the store");
    }
    return SqliteStatement(this, raw);
}

std::int64_t SqliteDatabase::changes() const {
    return sqlite3_changes(m_database.get());
}

core::Error SqliteDatabase::error(std::string_view what) const {
    const int code = sqlite3_errcode(m_database.get()) & 0xFF;
    const bool cannotWrite = sqlite3_extended_errcode(m_database.get()) == SQLITE_IOERR_WRITE; // a quota, for one
    if (code == SQLITE_FULL || cannotWrite) {
        return core::fatal(
            fmt::format("local disk full{}: no room for {}: free some, or choose another folder with --out",
                        cannotWrite ? " or failing" : "", m_path));
    }
    const bool busy = code == SQLITE_BUSY || code == SQLITE_LOCKED;
    return {busy ? core::ErrorKind::Transient : core::ErrorKind::Refused,
            fmt::format("{}: SQLite file {}: {}", what, m_path, sqlite3_errmsg(m_database.get()))};
}

bool SqliteDatabase::rowRefused() const {
    const int code = sqlite3_errcode(m_database.get()) & 0xFF;
    return code == SQLITE_TOOBIG || code == SQLITE_CONSTRAINT || code == SQLITE_MISMATCH;
}

} // namespace services
