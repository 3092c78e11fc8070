// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/result.h"

#include <string>

namespace services {

/// Where a Redis is. Password and user are for AUTH only.
struct RedisAddress {
    std::string host = "127.0.0.1";
    int port = 6379;
    int database = 0;
    std::string user;
    std::string password;

    /// Reads redis://[[USER]:PASSWORD@]HOST[:PORT][/DATABASE] (%XX decoded). Without a password in it, `otherPassword`
    /// is taken. The error does not repeat the URL.
    static core::Result<RedisAddress> parse(const std::string& url, const std::string& otherPassword);

    std::string description() const; ///< "Redis at HOST:PORT", with the database if it is not 0
};

} // namespace services
