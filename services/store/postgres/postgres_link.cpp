// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/store/postgres/postgres_link.h"

#include "services/store/postgres/postgres_connecting.h"
#include "services/store/postgres/postgres_locks.h"

#include <fmt/format.h>
#include <libpq-fe.h>
#include <pqxx/pqxx>

#include <thread>
#include <utility>
#include <variant>

namespace services {

namespace {

// A connection that was used so lately is used again without a question.
constexpr core::Nanoseconds kIdle = std::chrono::seconds(2);
constexpr auto kAnswerLimit = std::chrono::seconds(1);

std::string remedy(const PostgresFailure& failure) {
    if (failure.sqlstate.starts_with("28")) {
        return "; check the user, and the password in PGPASSWORD, in ~/.pgpass or behind the scenario's ${NAME}";
    }
    if (failure.sqlstate.starts_with("3D")) {
        return "; create it, for example with createdb";
    }
    if (failure.sqlstate == "42P01") {
        return "; run 'millraced init' first";
    }
    if (failure.sqlstate == "42501" && failure.text.find("row-level security") != std::string::npos) {
        return "; change the policy, or give the user BYPASSRLS";
    }
    if (failure.sqlstate == "42501") {
        return "; GRANT this right to the user, or let a user who has it run 'millraced init'";
    }
    return {};
}

} // namespace

PostgresLink::PostgresLink(PostgresSettings settings, core::Nanoseconds timeout, SocketWatchdog& watchdog,
                           std::stop_token stop)
    : m_settings(std::move(settings)),
      m_timeout(timeout),
      m_watchdog(watchdog),
      m_stop(std::move(stop)),
      m_description(m_settings.description) {}

PostgresLink::~PostgresLink() = default;

std::optional<PostgresFailure> PostgresLink::open(Watch& watch) {
    const core::Instant now = std::chrono::steady_clock::now();
    const bool idle = now - std::exchange(m_lastUsed, now) > kIdle;
    if (m_connection) {
        watch.guard(m_connection->socket());
        if (m_connection->alive() && (!idle || m_connection->answers(kAnswerLimit))) {
            return std::nullopt;
        }
        drop(watch); // it was ended while it was idle, or lost without a word
    }
    return connect(watch);
}

std::optional<PostgresFailure> PostgresLink::connect(Watch& watch) {
    m_description = m_settings.description;
    auto opened = connectPostgres(m_settings, watch);
    if (auto* const failure = std::get_if<PostgresFailure>(&opened)) {
        return std::move(*failure);
    }
    auto& [connection, place] = std::get<OpenedPostgres>(opened);
    m_description = m_settings.describedAt(place);
    watch.guard(PQsocket(connection.get()));
    m_connection = std::make_unique<PostgresConnection>(connection.release());
    try {
        if (auto refused = greet(watch)) {
            drop(watch);
            return refused;
        }
    } catch (...) {
        drop(watch);
        throw;
    }
    return std::nullopt;
}

std::optional<PostgresFailure> PostgresLink::greet(Watch& watch) {
    PostgresBackend self;
    {
        const auto query = m_connection->query();
        const pqxx::result row =
            query->exec("SELECT pid, backend_start::text FROM pg_stat_activity WHERE pid = pg_backend_pid()");
        self = {row[0][0].as<int>(), row[0][1].as<std::string>()};
    }
    // PostgreSQL tells the process that serves us when it takes the login, a pooler makes a number up.
    if (self.pid != m_connection->backendPid()) {
        return poolerFailure();
    }
    if (m_backend.pid != 0 && !endBackend(*m_connection, m_backend, watch)) {
        throw pqxx::broken_connection("the lost connection's server process cannot be ended");
    }
    m_backend = self;
    if (onConnect) {
        onConnect(*m_connection);
    }
    return std::nullopt;
}

void PostgresLink::drop(Watch& watch) {
    watch.guard(-1); // before the number of the socket is free for somebody else
    m_connection.reset();
}

bool PostgresLink::noteLoss(PostgresFailure& failure, Watch& watch) {
    // libpqxx 6 answers "could not obtain client encoding" where the connection broke.
    if (failure.sqlstate.empty() && m_connection && m_connection->broken()) {
        failure = failureOf(m_connection->lastError());
    }
    const bool lost =
        failure.lost || watch.fired() != SocketWatchdog::Reason::None || (m_connection && m_connection->broken());
    if (lost) {
        drop(watch);
        // Whatever the server said of the statement: on another connection it is for another try to hear.
        failure.sqlstate = failure.lost ? failure.sqlstate : std::string();
        failure.lost = true;
    }
    return lost;
}

core::Error PostgresLink::failed(const std::string& what, PostgresFailure failure, Watch& watch) {
    noteLoss(failure, watch);
    const bool cutOff = watch.fired() != SocketWatchdog::Reason::None;
    const core::ErrorKind kind = cutOff ? core::ErrorKind::Transient : kindOf(failure);
    return {kind, fmt::format("{}: {}: {}", what, m_description, explain(failure, watch)), hintFor(failure)};
}

/// For failures that look like an outage and are none.
std::string PostgresLink::hintFor(const PostgresFailure& failure) {
    if (failure.sqlstate == "25006") {
        return "Nothing can be written: look at default_transaction_read_only of the role, the database and the "
               "server, and whether this is a standby.";
    }
    if (failure.sqlstate != "55P03" || !m_connection) { // none: its greeting was what failed
        return {};
    }
    try {
        const std::string holders = writeLockHolders(*m_connection->query());
        return holders.empty() ? "Somebody locks what it needs: look into pg_locks."
                               : fmt::format("A table is locked by {}.", holders);
    } catch (const std::exception&) {
        return {}; // the failure itself has been said
    }
}

std::string PostgresLink::explain(const PostgresFailure& failure, const Watch& watch) const {
    switch (watch.fired()) {
    case SocketWatchdog::Reason::TimedOut:
        return fmt::format("no answer within {} s", std::chrono::duration<double>(watch.limit()).count());
    case SocketWatchdog::Reason::Stopped:
        return "cut off by the stop";
    case SocketWatchdog::Reason::None:
        break;
    }
    std::string text = m_settings.withoutSecret(failure.text);
    if (!failure.sqlstate.empty()) {
        text += fmt::format(" (SQLSTATE {})", failure.sqlstate);
    }
    return text + remedy(failure);
}

bool endBackend(PostgresConnection& connection, const PostgresBackend& backend, SocketWatchdog::Watch& watch) {
    const auto query = connection.query();
    const auto rows = [&](const char* statement) {
        return execParams(*query, statement, backend.pid, backend.started);
    };
    rows("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid = $1 AND backend_start = $2::timestamptz");
    while (!watch.expired()) {
        if (rows("SELECT 1 FROM pg_stat_activity WHERE pid = $1 AND backend_start = $2::timestamptz").empty()) {
            return true;
        }
        std::this_thread::sleep_for(std::chrono::milliseconds(2));
    }
    return false;
}

} // namespace services
