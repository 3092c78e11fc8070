// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/result.h"
#include "core/target/postgres_address.h"
#include "core/units.h"

#include <string>

namespace services {

/// How to talk to a PostgreSQL: libpq's settings, made of the address and of what we add where the address says
/// nothing.
struct PostgresSettings {
    core::PostgresAddress::Settings settings;
    core::PostgresAddress::Secrets secrets;
    std::string database;
    std::string description; ///< "PostgreSQL at HOST:PORT/DATABASE", or several with commas, without secrets

    static PostgresSettings create(const core::PostgresAddress& address, core::Nanoseconds timeout,
                                   core::Nanoseconds lockTimeout);
    void passOverStandbys(); ///< of several servers, for who writes; unless the address says which it wants
    std::string describedAt(const std::string& place) const; ///< the same for one HOST:PORT
    /// A foreign message without the secrets of this address.
    std::string withoutSecret(std::string text) const;
};

} // namespace services
