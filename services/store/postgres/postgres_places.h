// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/target/postgres_address.h"
#include "core/units.h"

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace services {

/// One of the servers that a PostgreSQL address names, in its order. Empty parts are libpq's own defaults.
struct PostgresPlace {
    std::string host;    ///< a name, an address, or the folder of a Unix socket
    std::string address; ///< "hostaddr": goes before the host's
    std::string port;

    std::string shown() const; ///< HOST:PORT
};

/// What the settings and libpq's variables name; at least one. The same rules as libpq's manual, section 34.1.1.3.
std::vector<PostgresPlace> placesOf(const core::PostgresAddress::Settings& settings);

/// A setting, else libpq's variable for it, else empty.
std::string settingOr(const core::PostgresAddress::Settings& settings, std::string_view name, const char* variable);

/// The addresses of a host's name, or why there are none.
struct FoundAddresses {
    std::vector<std::string> addresses; ///< numeric; one that is empty: libpq needs none
    std::string failure;
};

/// Looks the place's name up; gives up at the deadline or as soon as `over` says so. The resolver knows no limit of its
/// own, so a name that it is slow with leaves a thread behind until it answers.
FoundAddresses addressesOf(const PostgresPlace& place, core::Instant deadline, const std::function<bool()>& over);

} // namespace services
