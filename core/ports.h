#pragma once

#include "core/load/event.h"
#include "core/measure/ledger.h"
#include "core/result.h"
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

/// The few interfaces through which service folders meet. Each says which thread calls it.
namespace core {

// --- to the broker ----------------------------------------------------------------------------------------------

/// What became of an event that was handed to the broker's client.
enum class Delivery { Acked, Failed, InDoubt };

/// Told of every event that send() accepted, once. Called on the publisher's report thread.
class DeliverySink {
public:
    virtual ~DeliverySink() = default;
    virtual void delivered(std::uint64_t token, Delivery delivery, Instant at) = 0;
};

struct EventHeader {
    const char* name = "";
    std::string_view value;
};

struct OutgoingEvent {
    std::string_view key; ///< empty: none
    std::string_view payload;
    std::string_view headerId;              ///< value of the header millrace-id; empty: none
    std::uint64_t token = 0;                ///< comes back with the delivery
    std::span<const EventHeader> headers{}; ///< further ones
};

enum class SendOutcome {
    Accepted,
    Full,    ///< the queue is full, or the embedded broker's credit is used up: back-pressure, try again
    Refused, ///< the client will never take this event (too large, for example): counts as failed
};

/// One stream's way into the broker. send() never blocks. One sending thread.
class Publisher {
public:
    virtual ~Publisher() = default;
    virtual SendOutcome send(const OutgoingEvent& event) = 0;
    /// Waits until there may be room or `until` is reached; for use after Full.
    virtual void waitForRoom(Instant until) = 0;
    /// Delivers what is queued; what is left after `limit` is purged. Every event has its delivery when this returns.
    virtual void finish(Nanoseconds limit) = 0;
    /// Sentence about a fault that began since the last call; for the time line.
    virtual std::optional<std::string> takeNotice() = 0;
};

// --- from the broker --------------------------------------------------------------------------------------------

struct TopicPartition {
    std::string topic;
    Partition partition;

    auto operator<=>(const TopicPartition&) const = default;
};

/// A message, alive as long as this object.
class PolledMessage {
public:
    virtual ~PolledMessage() = default;
    virtual std::string_view topic() const = 0;
    virtual Partition partition() const = 0;
    virtual Offset offset() const = 0;
    virtual std::string_view key() const = 0;
    virtual std::string_view payload() const = 0;
    virtual std::string_view header(const char* name) const = 0; ///< empty: absent
};

/// Told of changes of the assignment, on the polling thread, inside poll().
class AssignmentListener {
public:
    virtual ~AssignmentListener() = default;
    /// Answers where to start each partition, in the same order; an error ends the subscription.
    virtual Result<std::vector<Offset>> assigned(const std::vector<TopicPartition>& partitions) = 0;
    /// `lost`: the group has given them away already, so the batch in hand must be abandoned.
    virtual void revoked(const std::vector<TopicPartition>& partitions, bool lost) = 0;
};

/// One member of a consumer group. One thread does everything but wake().
class Subscriber {
public:
    virtual ~Subscriber() = default;
    /// The next message, nothing after `timeout`, or an error (Fatal: the subscription is over; Transient: retried).
    virtual Result<std::unique_ptr<PolledMessage>> poll(Nanoseconds timeout) = 0;
    virtual void pause() = 0; ///< all partitions of the present assignment; poll() then yields no message
    virtual void resume() = 0;
    virtual void seek(const TopicPartition& partition, Offset offset) = 0;
    /// Mirrors positions to the broker for lag tools, some times a second; does not wait.
    virtual void mirror(const std::vector<std::pair<TopicPartition, Offset>>& positions) = 0;
    virtual void close() = 0;
    virtual std::uint64_t offsetGap() const = 0; ///< messages the broker had forgotten before they were read
    virtual std::optional<std::string> takeNotice() = 0;
};

// --- the store --------------------------------------------------------------------------------------------------

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

struct CommitOutcome {
    enum class Kind {
        Committed,
        Fenced, ///< somebody else owns a partition or has moved its offset: nothing was written; rejoin
        BadRow, ///< the store refuses one row for good: nothing was written; take it out and commit again
    };
    Kind kind = Kind::Committed;
    std::vector<std::uint32_t> alreadyStored; ///< indexes into rows, ascending, that the primary key knew
    std::uint32_t badRow = 0;
    std::string reason;
};

/// A worker's connection to the store. One owning thread; blocking, each call bounded by the store's time-out.
/// Errors: Transient: try again with the same arguments (a commit whose reply was lost is resolved by then);
/// Fatal: our bug or a table of another shape.
class StoreSession {
public:
    virtual ~StoreSession() = default;
    /// Takes the partitions over: ends a former owner's open transaction, raises the epoch.
    virtual Result<std::vector<Ownership>> own(const std::vector<TopicPartition>& partitions) = 0;
    /// Sets the position of a partition that the store knows nothing of, or moves it when the user asked for a reset.
    virtual Result<Ownership> setPosition(const Ownership& owned, Offset next) = 0;
    /// Takes no longer than `limit`, where that is shorter than the store's time-out.
    virtual Result<CommitOutcome> commit(const StoreBatch& batch, Nanoseconds limit) = 0;
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
    /// Makes what is missing (tables, partitions, the store's tag); as often as one likes. Refuses other shapes.
    virtual Status prepare(WallTime now) = 0;
    virtual Result<std::unique_ptr<StoreSession>> session(const std::string& owner, std::stop_token stop) = 0;
    virtual Result<std::string> tag() = 0; ///< the UUID that proves a commit into this very store
    virtual Status registerRun(const std::string& runId, const std::string& headJson, WallTime started) = 0;
    virtual Status concludeRun(const std::string& runId, const std::string& headJson) = 0;
    virtual Result<ConsumerCounts> runCounts(const std::string& runId) = 0;
    /// Calls `take` for every stored or dead-lettered id of the run.
    virtual Status eachId(const RunIdentity& run, const std::function<void(const StoredId&)>& take) = 0;
    virtual Result<std::vector<std::pair<TopicPartition, Offset>>> positions() = 0;
    virtual std::string describe() const = 0;                             ///< without secrets
    virtual std::vector<std::pair<std::string, std::string>> facts() = 0; ///< version, fsync, synchronous_commit, …
};

// --- reading what was stored --------------------------------------------------------------------------------------

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
    std::string verdict; ///< as in the result file ("passed" …); empty: the run has not been concluded
    std::vector<std::string> tags;
};

/// Reads a store without ever writing to it, beside a running load. One thread at a time; a stop ends a call within
/// 100 ms. Errors: Invalid: a query that nobody can answer; Transient: cut off or unreachable; Fatal: refused.
class StoreReader {
public:
    virtual ~StoreReader() = default;
    virtual Result<LogPage> search(const LogQuery& query, std::stop_token stop) = 0;
    /// The newest runs first, `most` of them at the most.
    virtual Result<std::vector<StoredRun>> runs(std::uint32_t most, std::stop_token stop) = 0;
    virtual std::string describe() const = 0; ///< without secrets
};

// --- the duplicate filter ---------------------------------------------------------------------------------------

/// A worker's connection to the duplicate filter, which is a hint: it never fails, it only knows nothing.
/// One owning thread.
class DuplicateFilter {
public:
    virtual ~DuplicateFilter() = default;
    /// known[i] is set to 1 where ids[i] is proved to be committed in this very store. Answers how many ids could not
    /// be asked because the filter was unavailable.
    virtual std::uint64_t lookUp(std::span<const EventId> ids, std::vector<std::uint8_t>& known) = 0;
    /// Told after the commit.
    virtual void remember(std::span<const EventId> ids) = 0;
    virtual std::optional<std::string> takeNotice() = 0;
};

// --- the run's account of its own events ------------------------------------------------------------------------

/// What a committed batch did to an event of this run.
struct OwnFate {
    enum class Kind { Stored, Duplicate, DeadLettered };
    std::uint8_t stream = 0;
    std::uint64_t sequence = 0;
    Kind kind = Kind::Stored;
};

/// Knows this run's events by stream and sequence. Any thread.
class EventBook {
public:
    virtual ~EventBook() = default;
    /// Called once for each committed batch.
    virtual void committed(std::span<const OwnFate> fates) = 0;
    /// How late the event was handed over (sent − due), for the uncorrected latency; nothing if it is no longer known.
    virtual std::optional<Nanoseconds> sendDelay(std::uint8_t stream, std::uint64_t sequence) const = 0;
};

} // namespace core
