// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/event/event_id.h"
#include "core/result.h"
#include "core/units.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <utility>
#include <vector>

/// The door to a table that somebody else's program fills, for audits.
namespace core {

struct AuditedRow {
    std::optional<EventId> id;        ///< nothing: what stands there is no UUID
    std::optional<WallTime> storedAt; ///< by the server's clock; nothing: the row does not say
    bool added = true;                ///< it lies behind what the table held when it was opened
};

/// Where rows say when they were stored.
enum class StoredAtSource { Column, Commit, None };
std::string_view nameOf(StoredAtSource source); ///< "column", "commit", "none"

/// What is known of the table without reading it.
struct AuditedTableFacts {
    std::string table; ///< with its schema, as SQL quotes it
    StoredAtSource storedAt = StoredAtSource::None;
    std::string storedAtText;   ///< a sentence: which one it is, and why there is no better one
    std::uint64_t rows = 0;     ///< about, for a progress; 0: nobody has counted yet
    std::uint64_t mostRows = 0; ///< that there is room for; 0: nobody knows
    std::string notFollowed;    ///< why followed() cannot be asked; empty: it can
    Nanoseconds clockAhead{};   ///< the server's clock against ours
    Nanoseconds clockError{};   ///< of that, to either side
};

/// Reads the table on a connection of its own, in read-only transactions, and never waits for a lock of the program
/// that fills it. One thread; a stop ends a call within 100 ms. Errors: Invalid: no such table or column, with those
/// that exist; Transient: unreachable or cut off; Refused.
class AuditedRows {
public:
    using Take = std::function<void(const AuditedRow&)>;

    virtual ~AuditedRows() = default;
    virtual const AuditedTableFacts& facts() const = 0;
    /// Every row, in one pass, in any order.
    virtual Status each(const Take& take, const std::stop_token& stop) = 0;
    /// The rows that may have come since the last time, and some that were there before: what is at the table's end. A
    /// row that took the place of a deleted one may be missed; each() finds it.
    virtual Status followed(const Take& take, const std::stop_token& stop) = 0;
    virtual std::string describe() const = 0;                                   ///< the server, without secrets
    virtual std::vector<std::pair<std::string, std::string>> serverFacts() = 0; ///< as Store::facts()
};

} // namespace core
