// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/store/postgres/postgres_error.h"
#include "services/store/postgres/postgres_settings.h"
#include "services/store/postgres/socket_watchdog.h"

#include <memory>
#include <string>
#include <variant>

struct pg_conn;

namespace services {

struct FinishPostgres {
    void operator()(pg_conn* connection) const;
};

/// An open connection and the one of the address' servers that it leads to.
struct OpenedPostgres {
    std::unique_ptr<pg_conn, FinishPostgres> connection;
    std::string place; ///< HOST:PORT
};

/// Connects to the first of the servers that answers and takes us, each of their addresses within connect_timeout, or
/// where none is said within its share of what `watch` leaves. As libpq's own PQconnectdb() does, whose steps
/// (PQconnectPoll) know no time-out and look names up for as long as that takes. A server that refuses the login ends
/// the search.
std::variant<OpenedPostgres, PostgresFailure> connectPostgres(const PostgresSettings& settings,
                                                              SocketWatchdog::Watch& watch);

/// Something stands between us and PostgreSQL that hands the server's sessions around: sessions, prepared statements
/// and time-outs are not ours there, and the server's process is somebody else's in a moment.
PostgresFailure poolerFailure();

} // namespace services
