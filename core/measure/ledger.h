// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace core {

/// The producer's side of the account; counters of one stream or sums of them.
struct ProducerCounts {
    std::uint64_t planned = 0;
    std::uint64_t sent = 0;   ///< handed to the client
    std::uint64_t unsent = 0; ///< due, but not handed over before its deadline or before the end
    std::uint64_t shed = 0;
    std::uint64_t acked = 0;
    std::uint64_t failed = 0;  ///< surely not persisted
    std::uint64_t inDoubt = 0; ///< possibly persisted

    std::uint64_t queued() const { return sent - acked - failed - inDoubt; }
    bool operator==(const ProducerCounts&) const = default;
    ProducerCounts& operator+=(const ProducerCounts& other);
};

ProducerCounts difference(const ProducerCounts& later, const ProducerCounts& earlier);

/// The consumer's side: messages, counted in the transaction that commits them.
struct ConsumerCounts {
    std::uint64_t polled = 0;
    std::uint64_t stored = 0;
    std::uint64_t duplicateFilter = 0; ///< known to the duplicate filter
    std::uint64_t duplicateBatch = 0;  ///< twice in one batch
    std::uint64_t duplicateStore = 0;  ///< found by the primary key
    std::uint64_t deadLettered = 0;
    std::uint64_t foreign = 0;   ///< of all these, the ones that are not of this run
    std::uint64_t abandoned = 0; ///< polled, then rolled back; outside the identity

    std::uint64_t duplicate() const { return duplicateFilter + duplicateBatch + duplicateStore; }
    bool operator==(const ConsumerCounts&) const = default;
    ConsumerCounts& operator+=(const ConsumerCounts& other);
};

/// What became of the ids, once the run is over.
struct IdCounts {
    std::uint64_t lost = 0;       ///< acked, neither stored nor dead-lettered, less undrained
    std::uint64_t doubled = 0;    ///< stored twice
    std::uint64_t recovered = 0;  ///< in doubt, and stored
    std::uint64_t missing = 0;    ///< in doubt, neither stored nor dead-lettered, undrained ones among them
    std::uint64_t unexpected = 0; ///< reported failed, and stored
    std::uint64_t refused = 0;    ///< dead-lettered though sent readable: by the store, or for what became of them
    std::uint64_t reordered = 0;  ///< stored before an earlier event of the same key
    std::uint64_t undrained = 0;  ///< not polled when the drain limit struck

    IdCounts& operator+=(const IdCounts& other);
    bool operator==(const IdCounts&) const = default;
};

struct Ledger {
    ProducerCounts producer;
    ConsumerCounts consumer;
    IdCounts ids;
    bool closed = true; ///< false: the run's process was killed, and what became of the ids is not known

    /// planned = sent + unsent + shed; sent = acked + failed + in doubt + queued (queued = 0 when `allSettled`);
    /// polled = stored + duplicate + dead-lettered. The first identity that does not hold, in words; nothing if all do.
    std::optional<std::string> violation(bool allSettled) const;

    bool operator==(const Ledger&) const = default;
};

} // namespace core
