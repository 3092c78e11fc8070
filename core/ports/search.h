// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/event/event.h"
#include "core/result.h"
#include "core/units.h"

#include <cstdint>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

/// The door to what was stored, for reading beside a running load.
namespace core {

/// What is asked of the stored events. Empty lists and texts mean: any.
struct LogQuery {
    std::vector<std::string> sources;
    std::vector<Level> levels;
    /// Half-open, by the time in the ids, rounded down to milliseconds. An id that is not of version 7 (a foreign
    /// event's) says no time: with a bound it is not found, without one it stands where its bytes sort.
    std::optional<WallTime> from;
    std::optional<WallTime> until;
    std::string text;                   ///< somewhere in the message, in either case, no wildcards; at most 4,096 bytes
    std::optional<EventId> before;      ///< the cursor of the page before this one
    std::uint32_t limit = 200;          ///< rows of a page
    std::uint64_t mostRead = 1'000'000; ///< rows that a page looks at, found or not, so that a rare text ends as well
    Nanoseconds timeout = std::chrono::seconds(5);
};

/// A row of log_events as it was found.
struct LogRow {
    EventId id{};
    std::string level{}; ///< whatever stands there
    std::string message{};
    bool cut = false; ///< the message goes on: only its first 65,536 characters are here
    std::string source{};
    std::optional<WallTime> timestamp{}; ///< nothing: beyond the years that nanoseconds in 64 bits can hold
    std::string traceId{};
    std::optional<WallTime> processedAt{};
};

struct LogPage {
    enum class End {
        Complete, ///< there is no older row that fits
        Limit,    ///< the page is full
        MostRead, ///< the bound of rows to look at
        TimedOut,
    };
    std::vector<LogRow> rows; ///< by id, that is newest first
    End end = End::Complete;
    std::optional<EventId> next;           ///< where the next page begins; nothing where the search is complete
    std::optional<WallTime> reachedBackTo; ///< the time in `next`, if it says one
};

/// A line of the table runs.
struct StoredRun {
    std::string id;
    std::string name;
    std::optional<WallTime> started;
    std::string verdict; ///< as in the result file ("passed" …); empty: the run has not been finished
    std::vector<std::string> tags;
};

/// Reads a store without ever writing to it, beside a running load. One thread at a time; a stop ends a call within
/// 100 ms. Errors: Invalid: a query that nobody can answer; Transient: cut off or unreachable; Refused.
class StoreReader {
public:
    virtual ~StoreReader() = default;
    virtual Result<LogPage> search(const LogQuery& query, std::stop_token stop) = 0;
    /// The newest runs first, `most` of them at most.
    virtual Result<std::vector<StoredRun>> runs(std::uint32_t most, std::stop_token stop) = 0;
    /// The head of a run's result, JSON, as far as the run has come; nothing: there is no such run.
    virtual Result<std::optional<std::string>> runHead(const std::string& id, std::stop_token stop) = 0;
    virtual std::string describe() const = 0; ///< without secrets
};

} // namespace core
