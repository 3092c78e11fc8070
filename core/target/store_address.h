// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/target/postgres_address.h"

#include <string>
#include <variant>
#include <vector>

namespace core {

/// A store in a file of this machine.
struct SqliteAddress {
    std::string file;

    bool operator==(const SqliteAddress&) const = default;
};

/// Where events are stored: in a file of the run's folder, in another file, or in PostgreSQL.
class StoreAddress {
public:
    /// Reads 'embedded', sqlite:FILE (the file as it stands, nothing decoded) or postgresql://…, which `readPostgres`
    /// reads once the URL is known to be cut by everybody in the same way.
    static Result<StoreAddress> create(const std::string& text, const ReadPostgres& readPostgres);

    static StoreAddress ofFile(std::string file);

    bool isEmbedded() const { return std::holds_alternative<std::monostate>(m_place); }
    const SqliteAddress* sqlite() const { return std::get_if<SqliteAddress>(&m_place); }       ///< null: another kind
    const PostgresAddress* postgres() const { return std::get_if<PostgresAddress>(&m_place); } ///< null: another kind

    StoreAddress withPassword(Secret password) const; ///< PostgreSQL's; another kind has none
    std::string shown() const;                        ///< as create() reads it, without secrets
    std::vector<Secret> secrets() const;
    bool operator==(const StoreAddress&) const = default;

private:
    std::variant<std::monostate, SqliteAddress, PostgresAddress> m_place;
};

} // namespace core
