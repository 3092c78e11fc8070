// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <pqxx/pqxx>

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

struct pg_conn;

/// Everything that differs between libpqxx 6.4 and 7.10, and the two things that libpqxx lacks: binary COPY in and out.
/// Used by this folder's PostgreSQL files only.
namespace services {

/// A libpqxx connection made of an open libpq connection. It never reconnects by itself.
class PostgresConnection {
public:
    explicit PostgresConnection(pg_conn* open); ///< takes it over
    ~PostgresConnection();
    PostgresConnection(const PostgresConnection&) = delete;
    PostgresConnection& operator=(const PostgresConnection&) = delete;

    std::unique_ptr<pqxx::transaction_base> begin(); ///< rolled back when destroyed before its commit()
    std::unique_ptr<pqxx::transaction_base> query(); ///< each statement by itself
    void prepare(const char* name, const char* statement);
    int serverVersion() const; ///< as 150018
    pg_conn* raw() const;
    int socket() const;
    bool alive(); ///< while idle: neither the server nor the network has ended it, as far as the socket knows
    bool answers(std::chrono::milliseconds limit); ///< while idle: the server does, within that time
    int backendPid() const;                        ///< as whoever took the login told it
    bool broken() const;                           ///< as far as libpq has noticed
    std::string lastError() const;                 ///< libpq's own words

private:
    class Impl;
    std::unique_ptr<Impl> m_impl;
};

/// A statement with its parameters $1, $2 and so on, in libpqxx 7.10's words or in the older ones that it deprecates.
/// Throws what libpqxx throws.
template <typename... Parameters>
pqxx::result execParams(pqxx::transaction_base& transaction, const std::string& statement,
                        const Parameters&... parameters) {
#if PQXX_VERSION_MAJOR > 7 || (PQXX_VERSION_MAJOR == 7 && PQXX_VERSION_MINOR >= 10)
    return transaction.exec(statement, pqxx::params(parameters...));
#else
    return transaction.exec_params(statement, parameters...);
#endif
}

/// Runs a statement that PostgresConnection::prepare() has named.
template <typename... Parameters>
pqxx::result execPrepared(pqxx::transaction_base& transaction, const char* name, const Parameters&... parameters) {
#if PQXX_VERSION_MAJOR > 7 || (PQXX_VERSION_MAJOR == 7 && PQXX_VERSION_MINOR >= 10)
    return transaction.exec(pqxx::prepped(name), pqxx::params(parameters...));
#else
    return transaction.exec_prepared(name, parameters...);
#endif
}

/// Within the open transaction: COPY … FROM STDIN with `data` as the input. Like libpqxx it throws pqxx::sql_error
/// (with the SQLSTATE) or pqxx::broken_connection, so that a transaction has one way to fail.
void copyIn(PostgresConnection& connection, const char* statement, std::string_view data);

/// Within the open transaction: COPY … TO STDOUT, `take` gets each message (in binary format the header, each row, the
/// trailer). Throws as copyIn() does.
void copyOut(PostgresConnection& connection, const char* statement, const std::function<void(std::string_view)>& take);

} // namespace services
