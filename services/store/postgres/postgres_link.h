// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/result.h"
#include "services/store/postgres/postgres_error.h"
#include "services/store/postgres/postgres_settings.h"
#include "services/store/postgres/pqxx_compat.h"
#include "services/store/postgres/socket_watchdog.h"

#include <algorithm>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <type_traits>
#include <utility>

namespace services {

/// A server process, so that nobody ends another one which got the same number later.
struct PostgresBackend {
    int pid = 0;
    std::string started; ///< as the server prints pg_stat_activity.backend_start

    bool operator==(const PostgresBackend&) const = default;
};

/// One connection that is created again when it was lost, every call bounded by the time-out and the stop token. Before
/// a new connection is used, the server process of the lost one is ended, so that no half-done transaction of ours
/// lingers. One owning thread.
class PostgresLink {
public:
    using Watch = SocketWatchdog::Watch;

    PostgresLink(PostgresSettings settings, core::Nanoseconds timeout, SocketWatchdog& watchdog, std::stop_token stop);
    ~PostgresLink();

    /// Runs `action(connection, watch)`, which answers a core::Result and may throw what libpqxx throws. `what` begins
    /// the sentence of an error: "storing a batch".
    template <typename Action>
    auto call(const std::string& what, Action&& action) {
        return callWithin(what, m_timeout, m_stop, std::forward<Action>(action));
    }
    /// The same, cut off after `limit` where that is shorter than the time-out.
    template <typename Action>
    auto call(const std::string& what, core::Nanoseconds limit, Action&& action) {
        return callWithin(what, std::min(limit, m_timeout), m_stop, std::forward<Action>(action));
    }
    template <typename Action>
    auto call(const std::string& what, core::Nanoseconds limit, std::stop_token stop, Action&& action) {
        return callWithin(what, std::min(limit, m_timeout), std::move(stop), std::forward<Action>(action));
    }
    /// The same for a call with a stop of its own.
    template <typename Action>
    auto call(const std::string& what, std::stop_token stop, Action&& action) {
        return callWithin(what, m_timeout, std::move(stop), std::forward<Action>(action));
    }

    /// For actions that handle a failure themselves and go on: notes a loss, so that the connection is not used again.
    /// True if the connection is gone; `failure` then says why as well as libpq knows.
    bool noteLoss(PostgresFailure& failure, Watch& watch);
    PostgresConnection& connection() { return *m_connection; } ///< within an action, until noteLoss() says true
    /// The error to answer, as one sentence without secrets.
    core::Error failed(const std::string& what, PostgresFailure failure, Watch& watch);

    const PostgresBackend& backend() const { return m_backend; }
    /// "PostgreSQL at HOST:PORT/DATABASE" of the server that the newest connection leads to.
    const std::string& description() const { return m_description; }

    /// Called with each new connection before its first use; may throw what libpqxx throws.
    std::function<void(PostgresConnection&)> onConnect;

private:
    template <typename Action>
    auto callWithin(const std::string& what, core::Nanoseconds limit, std::stop_token stop, Action&& action)
        -> std::invoke_result_t<Action&, PostgresConnection&, Watch&> {
        Watch watch(m_watchdog, limit, std::move(stop));
        try {
            if (const auto failure = open(watch)) {
                return failed(what, *failure, watch);
            }
            return action(*m_connection, watch);
        } catch (...) {
            return failed(what, currentFailure(), watch);
        }
    }

    std::optional<PostgresFailure> open(Watch& watch);
    std::optional<PostgresFailure> connect(Watch& watch);
    std::optional<PostgresFailure> greet(Watch& watch);
    void drop(Watch& watch);
    std::string explain(const PostgresFailure& failure, const Watch& watch) const;
    std::string hintFor(const PostgresFailure& failure);

    PostgresSettings m_settings;
    core::Nanoseconds m_timeout;
    SocketWatchdog& m_watchdog;
    std::stop_token m_stop;
    std::unique_ptr<PostgresConnection> m_connection;
    core::Instant m_lastUsed;
    PostgresBackend m_backend;
    std::string m_description;
};

/// Ends a server process if it still is the one that is meant, and waits until it is gone. Throws what libpqxx throws.
/// False: it was still there when `watch` expired.
bool endBackend(PostgresConnection& connection, const PostgresBackend& backend, SocketWatchdog::Watch& watch);

} // namespace services
