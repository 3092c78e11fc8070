// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/result.h"
#include "core/target/secret.h"
#include "core/target/server_name.h"

#include <string>
#include <string_view>

namespace core {

/// Where a Redis is, and who asks it.
class RedisAddress {
public:
    /// Reads redis://[[USER]:PASSWORD@]HOST[:PORT][/DATABASE].
    static Result<RedisAddress> create(std::string_view text);

    const std::string& host() const { return m_server.host; }
    int port() const { return m_server.port.value_or(kDefaultPort); }
    int database() const { return m_database; }
    const std::string& user() const { return m_user; }
    const Secret& password() const { return m_password; }

    RedisAddress withPassword(Secret password) const;
    std::string description() const; ///< "Redis at HOST:PORT", with the database if it is not 0
    std::string shown() const;       ///< the URL without the password
    bool operator==(const RedisAddress&) const = default;

private:
    static constexpr int kDefaultPort = 6379;

    ServerName m_server;
    int m_database = 0;
    std::string m_user;
    Secret m_password;
};

} // namespace core
