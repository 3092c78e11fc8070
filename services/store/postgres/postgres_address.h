// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/result.h"
#include "core/units.h"

#include <string>
#include <utility>
#include <vector>

namespace services {

/// Where a PostgreSQL is and how to talk to it: libpq's settings, made of the user's URL and of what we add where the
/// URL says nothing.
struct PostgresAddress {
    std::vector<std::pair<std::string, std::string>> settings;
    std::string description; ///< "PostgreSQL at HOST:PORT/DATABASE", without secrets
    std::string password;    ///< as the URL has it, so that it can be struck out of foreign messages

    /// The URL is not repeated in the error, for it may hold a password.
    static core::Result<PostgresAddress> parse(const std::string& url, core::Nanoseconds timeout,
                                               core::Nanoseconds lockTimeout);
    std::string withoutSecret(std::string text) const;
};

} // namespace services
