// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/store/postgres/pqxx_compat.h"

#include <libpq-fe.h>
#include <poll.h>

#include <algorithm>
#include <utility>

namespace services {

#if PQXX_VERSION_MAJOR < 7

namespace {

/// A connection policy that hands out a connection which is open already, once.
class OpenConnectionPolicy : public pqxx::connectionpolicy {
public:
    explicit OpenConnectionPolicy(PGconn* open) : connectionpolicy(std::string()), m_open(open) {}
    ~OpenConnectionPolicy() noexcept override { PQfinish(m_open); }
    handle do_startconnect(handle original) override {
        return original != nullptr ? original : std::exchange(m_open, nullptr);
    }

private:
    PGconn* m_open;
};

} // namespace

class PostgresConnection::Impl : public pqxx::connection_base {
public:
    explicit Impl(PGconn* open) : connection_base(m_policy), m_policy(open), m_raw(open) {
        init();
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wdeprecated-declarations" // it went away in libpqxx 7 together with the reactivation
        inhibit_reactivation(true);
#pragma GCC diagnostic pop
    }
    ~Impl() noexcept { close(); }

    pqxx::connection_base& pqxx() { return *this; }
    PGconn* raw() const { return m_raw; }

private:
    OpenConnectionPolicy m_policy;
    PGconn* m_raw;
};

#else

class PostgresConnection::Impl {
public:
    explicit Impl(PGconn* open) : m_connection(pqxx::connection::seize_raw_connection(open)), m_raw(open) {}

    pqxx::connection& pqxx() { return m_connection; }
    PGconn* raw() const { return m_raw; }

private:
    pqxx::connection m_connection;
    PGconn* m_raw;
};

#endif

namespace {

struct ClearResult {
    void operator()(PGresult* result) const { PQclear(result); }
};
using ResultPtr = std::unique_ptr<PGresult, ClearResult>;

constexpr std::size_t kSlice = 256 * 1024; ///< small enough that the server begins to work while we still send

[[noreturn]] void fail(PGconn* connection, const PGresult* result, const char* statement) {
    const char* state = result != nullptr ? PQresultErrorField(result, PG_DIAG_SQLSTATE) : nullptr;
    const std::string message = result != nullptr ? PQresultErrorMessage(result) : PQerrorMessage(connection);
    if (state == nullptr) {
        throw pqxx::broken_connection(message);
    }
    throw pqxx::sql_error(message, statement, state);
}

void startCopy(PGconn* connection, const char* statement, ExecStatusType expected) {
    const ResultPtr started(PQexec(connection, statement));
    if (PQresultStatus(started.get()) != expected) {
        fail(connection, started.get(), statement);
    }
}

/// Reads what is left of the statement's answer; the first error counts.
void finishCopy(PGconn* connection, const char* statement) {
    ResultPtr failed;
    while (ResultPtr result{PQgetResult(connection)}) {
        const ExecStatusType status = PQresultStatus(result.get());
        if (status == PGRES_COMMAND_OK) {
            continue;
        }
        const bool over = PQstatus(connection) == CONNECTION_BAD || status == PGRES_COPY_IN || status == PGRES_COPY_OUT;
        if (!failed) {
            failed = std::move(result);
        }
        if (over) {
            break;
        }
    }
    if (failed) {
        fail(connection, failed.get(), statement);
    }
}

} // namespace

PostgresConnection::PostgresConnection(pg_conn* open) : m_impl(std::make_unique<Impl>(open)) {}
PostgresConnection::~PostgresConnection() = default;

std::unique_ptr<pqxx::transaction_base> PostgresConnection::begin() {
    return std::make_unique<pqxx::work>(m_impl->pqxx());
}

std::unique_ptr<pqxx::transaction_base> PostgresConnection::query() {
    return std::make_unique<pqxx::nontransaction>(m_impl->pqxx());
}

void PostgresConnection::prepare(const char* name, const char* statement) {
    m_impl->pqxx().prepare(name, statement);
}

int PostgresConnection::serverVersion() const {
    return PQserverVersion(m_impl->raw());
}

pg_conn* PostgresConnection::raw() const {
    return m_impl->raw();
}

int PostgresConnection::socket() const {
    return PQsocket(m_impl->raw());
}

int PostgresConnection::backendPid() const {
    return PQbackendPID(m_impl->raw());
}

std::string PostgresConnection::lastError() const {
    return PQerrorMessage(m_impl->raw());
}

bool PostgresConnection::broken() const {
    return PQstatus(m_impl->raw()) != CONNECTION_OK;
}

bool PostgresConnection::alive() {
    pollfd waiting{.fd = socket(), .events = POLLIN, .revents = 0};
    while (!broken() && ::poll(&waiting, 1, 0) > 0) { // a notice, or a farewell and the end of the stream behind it
        if (PQconsumeInput(m_impl->raw()) != 1) {
            return false;
        }
    }
    return !broken();
}

bool PostgresConnection::answers(std::chrono::milliseconds limit) {
    PGconn* const raw = m_impl->raw();
    const auto until = std::chrono::steady_clock::now() + limit;
    if (PQsendQuery(raw, "") != 1) {
        return false;
    }
    for (;;) {
        while (PQisBusy(raw) == 0) {
            const std::unique_ptr<PGresult, decltype(&PQclear)> result(PQgetResult(raw), &PQclear);
            if (!result) {
                return !broken();
            }
        }
        const auto left = std::chrono::ceil<std::chrono::milliseconds>(until - std::chrono::steady_clock::now());
        pollfd waiting{.fd = socket(), .events = POLLIN, .revents = 0};
        if (left.count() <= 0 || ::poll(&waiting, 1, static_cast<int>(left.count())) <= 0 || PQconsumeInput(raw) != 1) {
            return false;
        }
    }
}

void copyIn(PostgresConnection& connection, const char* statement, std::string_view data) {
    PGconn* raw = connection.raw();
    startCopy(raw, statement, PGRES_COPY_IN);
    for (std::size_t at = 0; at < data.size(); at += kSlice) {
        const std::string_view slice = data.substr(at, kSlice);
        if (PQputCopyData(raw, slice.data(), static_cast<int>(slice.size())) != 1) {
            fail(raw, nullptr, statement);
        }
    }
    if (PQputCopyEnd(raw, nullptr) != 1) {
        fail(raw, nullptr, statement);
    }
    finishCopy(raw, statement);
}

void copyOut(PostgresConnection& connection, const char* statement, const std::function<void(std::string_view)>& take) {
    PGconn* raw = connection.raw();
    startCopy(raw, statement, PGRES_COPY_OUT);
    while (true) {
        char* message = nullptr;
        const int length = PQgetCopyData(raw, &message, 0);
        if (length < 0) {
            break;
        }
        const std::unique_ptr<char, decltype(&PQfreemem)> owned(message, &PQfreemem);
        take(std::string_view(message, static_cast<std::size_t>(length)));
    }
    finishCopy(raw, statement);
}

} // namespace services
