// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>

struct pg_conn;
namespace pqxx {
class transaction_base;
}

/// Everything that differs between libpqxx 6.4 and 7, and the two things that libpqxx lacks: binary COPY in and out.
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
    bool broken() const;           ///< as far as libpq has noticed
    std::string lastError() const; ///< libpq's own words

private:
    class Impl;
    std::unique_ptr<Impl> m_impl;
};

/// Within the open transaction: COPY … FROM STDIN with `data` as the input. Like libpqxx it throws pqxx::sql_error
/// (with the SQLSTATE) or pqxx::broken_connection, so that a transaction has one way to fail.
void copyIn(PostgresConnection& connection, const char* statement, std::string_view data);

/// Within the open transaction: COPY … TO STDOUT, `take` gets each message (in binary format the header, each row, the
/// trailer). Throws as copyIn() does.
void copyOut(PostgresConnection& connection, const char* statement, const std::function<void(std::string_view)>& take);

} // namespace services
