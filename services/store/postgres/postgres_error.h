// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/result.h"

#include <string>
#include <string_view>

namespace services {

/// What a database call failed with. An empty SQLSTATE: the connection failed, not the statement.
struct PostgresFailure {
    std::string sqlstate;
    std::string text;  ///< the server's first line, without its severity
    bool lost = false; ///< the connection is of no more use
    /// The server is none that we can work with, and the text says which one to name. Nothing to retry.
    bool unfit = false;
};
PostgresFailure unfit(std::string text);

/// What to do about it (contract.md, D14, by class of the SQLSTATE, PostgreSQL manual, appendix A).
enum class FailureClass {
    Retry,     ///< outages, locks, lack of resources
    BadRecord, ///< one of the rows will never be taken
    Duplicate, ///< a unique constraint
    Refused,   ///< login, rights, tables that are gone or have changed: somebody must change something
    OurBug,    ///< a statement that is none
};
FailureClass classOf(const PostgresFailure& failure);
core::ErrorKind kindOf(const PostgresFailure& failure);

/// Reads the exception that is being handled; call it in a catch (...) only. It goes by the message, for several of
/// libpqxx 6's exceptions do not carry the SQLSTATE.
PostgresFailure currentFailure();

/// Splits a message made with PQERRORS_VERBOSE ("FATAL:  28P01: password …\nLOCATION: …"). One without an SQLSTATE
/// comes from libpq: the connection failed.
PostgresFailure failureOf(std::string_view message);

} // namespace services
