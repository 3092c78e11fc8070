// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/event/event.h"
#include "core/measure/ledger.h"
#include "core/result.h"
#include "core/target/topic_partition.h"
#include "core/units.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// The door to the store, for consumers and for the run. Each says which thread calls it.
namespace core {

/// A row of log_events. The texts live until the batch is committed.
using EventRow = Event;

struct DeadLetter {
    TopicPartition partition;
    Offset offset;
    std::string_view payload; ///< original bytes
    std::string_view key;
    std::string reason;
    std::optional<EventId> id; ///< if it is known, from the payload or the header millrace-id
};

/// A partition that a consumer owns in the store.
struct Ownership {
    TopicPartition partition;
    std::int64_t epoch = 0;
    std::optional<Offset> next; ///< where the store stands; nothing: it knows nothing of this partition
};

struct OffsetAdvance {
    TopicPartition partition;
    std::int64_t epoch = 0;
    Offset from; ///< must be what the store holds
    Offset to;
};

/// What one transaction brings. Counts: all but `stored` and `duplicateStore`, which the store works out and adds.
struct StoreBatch {
    std::span<const EventRow> rows; ///< without doubles among themselves
    std::span<const DeadLetter> deadLetters;
    std::span<const OffsetAdvance> offsets;
    ConsumerCounts counts;
};

struct BadRow {
    std::uint32_t row = 0; ///< index into rows
    std::string reason;
};

struct CommitOutcome {
    enum class Kind {
        Committed,
        Fenced,  ///< somebody else owns a partition or has moved its offset: nothing was written; rejoin
        BadRows, ///< the store refuses rows for good: nothing was written; take them out and commit again
    };
    Kind kind = Kind::Committed;
    std::vector<std::uint32_t> alreadyStored; ///< indexes into rows, ascending, that the primary key knew
    std::vector<BadRow> badRows;              ///< ascending
    std::string reason;
    bool unresolved = false; ///< Fenced: an earlier commit, whose reply was lost, may have come through before
};

/// A worker's connection to the store. One owning thread; blocking, each call bounded by the store's time-out.
/// Errors: Transient: try again with the same arguments (a commit whose reply was lost is resolved by then);
/// Refused: the store denies it for good; Fatal: our bug.
class StoreSession {
public:
    virtual ~StoreSession() = default;
    /// Takes the partitions over: ends a former owner's open transaction, raises the epoch.
    virtual Result<std::vector<Ownership>> own(const std::vector<TopicPartition>& partitions) = 0;
    /// Sets the position of a partition that the store knows nothing of, or moves it when the user asked for a reset.
    virtual Result<Ownership> setPosition(const Ownership& owned, Offset next) = 0;
    /// Takes no longer than `limit`, where that is shorter than the store's time-out.
    virtual Result<CommitOutcome> commit(const StoreBatch& batch, Nanoseconds limit) = 0;
    /// Before a batch is dropped: what became of its last commit where the reply was lost. Nothing: it was not
    /// committed. Transient: it is not known. No stop cuts the question off.
    virtual Result<std::optional<CommitOutcome>> resolve(Nanoseconds limit) = 0;
    /// As Store::tag(), read on each new connection; empty: it never changes.
    virtual std::string tag() const { return {}; }
};

/// An id that the store holds, for the audit.
struct StoredId {
    EventId id;
    bool deadLettered = false;
};

/// What a store is asked outside the consumers. One thread at a time.
class Store {
public:
    virtual ~Store() = default;
    /// Creates what is missing (tables, partitions, the store's tag); any number of times. Refuses other shapes.
    virtual Status prepare(WallTime now) = 0;
    /// What the last prepare() had to leave undone although rows are taken all the same (a partition for a day to
    /// come), each a sentence with who or what is in the way. Call prepare() again soon.
    virtual std::vector<std::string> shortcomings() const { return {}; }
    /// Forgets the events and dead letters of before that time: PostgreSQL drops the partitions of days that have ended
    /// by then, and deletes what lies elsewhere. Invalid: the store keeps everything.
    virtual Status dropBefore(WallTime time) = 0;
    virtual Result<std::unique_ptr<StoreSession>> session(const std::string& owner, std::stop_token stop) = 0;
    virtual Result<std::string> tag() = 0; ///< the UUID that proves a commit into this very store
    virtual Status registerRun(const std::string& runId, const std::string& headJson, WallTime started) = 0;
    virtual Status finishRun(const std::string& runId, const std::string& headJson) = 0;
    virtual Result<ConsumerCounts> runCounts(const std::string& runId) = 0;
    /// Calls `take` for every stored or dead-lettered id of the run.
    virtual Status eachId(const RunIdentity& run, const std::function<void(const StoredId&)>& take) = 0;
    /// How many rows there are of the run's events that were due in [from, until); nothing where nobody else could have
    /// removed any.
    virtual Result<std::optional<std::uint64_t>> rowsOf(const RunIdentity&, WallTime /*from*/, WallTime /*until*/) {
        return std::optional<std::uint64_t>();
    }
    virtual Result<std::vector<std::pair<TopicPartition, Offset>>> positions() = 0;
    virtual std::string describe() const = 0;                             ///< without secrets
    virtual std::vector<std::pair<std::string, std::string>> facts() = 0; ///< version, fsync, synchronous_commit, …
};

} // namespace core
