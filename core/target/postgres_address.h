// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/result.h"
#include "core/target/secret.h"

#include <functional>
#include <string>
#include <utility>
#include <vector>

namespace core {

/// Where a PostgreSQL is and who asks it, as libpq's keywords (its manual, section "Parameter Key Words"). What a URL
/// means is for libpq alone to say: services read one (services/store/postgres/postgres_url.h) and hand the answer
/// over.
class PostgresAddress {
public:
    using Settings = std::vector<std::pair<std::string, std::string>>;
    using Secrets = std::vector<std::pair<std::string, Secret>>;

    /// Invalid where a port is no number, or ports and hosts are not as many: with libpq that shows only when it
    /// connects, and its error quotes what it took for a port.
    static Result<PostgresAddress> create(Settings settings, Secrets secrets);

    const Settings& settings() const { return m_settings; }
    const Secrets& secrets() const { return m_secrets; } ///< what libpq's own list marks as such
    std::string setting(std::string_view keyword) const; ///< empty: not said

    PostgresAddress withPassword(Secret password) const;
    std::string shown() const; ///< a URL that means the same, without the secrets
    bool operator==(const PostgresAddress&) const = default;

private:
    Settings m_settings;
    Secrets m_secrets;
};

/// Reads a URL by libpq.
using ReadPostgres = std::function<Result<PostgresAddress>(const std::string& url)>;

/// "expected …", for both who read such a URL.
std::string postgresForm();

} // namespace core
