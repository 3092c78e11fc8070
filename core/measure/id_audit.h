// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/event/event_id.h"
#include "core/measure/latency_histogram.h"
#include "core/measure/sequence_set.h"
#include "core/units.h"

#include <cstdint>
#include <optional>
#include <unordered_map>
#include <utility>
#include <vector>

namespace core {

/// What a store holds of one stream of a run.
struct AuditedStream {
    std::uint8_t stream = 0;
    SequenceSet stored;
    std::uint64_t doubled = 0; ///< rows beyond the first of an id

    std::uint64_t first() const; ///< lowest and highest sequence number; of a stream with rows
    std::uint64_t last() const;
    /// Sequence numbers between the first and the last that no row has.
    std::uint64_t gaps() const { return last() - first() + 1 - stored.size(); }
};

/// What a store holds of one run.
struct AuditedRun {
    std::uint32_t runTag = 0;
    std::vector<AuditedStream> streams{}; ///< those with rows, ascending
    WallTime firstDue{}, lastDue{};
    LatencyHistogram latency{};    ///< stored − due of each row that says when it was stored, the doubled ones too
    std::uint64_t negative = 0;    ///< rows that were stored before they were due, by the two clocks: in no histogram
    std::uint64_t withoutTime = 0; ///< rows that do not say when they were stored
    bool complete = true;          ///< false: some of its rows were dropped to stay within the memory

    std::uint64_t stored() const;  ///< ids
    std::uint64_t doubled() const; ///< rows
    std::uint64_t rows() const { return stored() + doubled(); }
    std::uint64_t gaps() const;
};

/// Sorts the rows of any table by the runs whose ids they carry, in one pass, whatever their order. Memory is bounded:
/// what another program's ids cost, which look like ours and lie at random in 36 bits, is thrown away when there is too
/// much of it. One thread.
class IdAudit {
public:
    struct Options {
        std::optional<std::uint32_t> onlyTag{}; ///< rows of other runs are only counted
        /// Of that run: how many sequence numbers each stream has used, where that is known; beyond them nothing is
        /// its.
        std::vector<std::uint64_t> used{};
        std::uint64_t mostRows = 0;           ///< that the table can hold; 0: nobody knows
        std::size_t mostMemory = 512U << 20U; ///< bytes, about
    };
    explicit IdAudit(Options options) : m_options(std::move(options)) {}

    /// `id`: nothing where the row's is no UUID. `storedAt`: nothing where the row does not say.
    void add(const std::optional<EventId>& id, std::optional<WallTime> storedAt);

    struct Findings {
        std::uint64_t rows = 0;
        std::vector<AuditedRun> runs; ///< by their first due time
        std::uint64_t otherRuns = 0;  ///< rows with another tag than the one that was asked for
        /// Rows whose id is none of ours: no UUID, no version 7, or a sequence number that no run of the table can have
        /// come to.
        std::uint64_t foreign = 0;
    };
    /// Ends the audit. Ours are counted up from 0: where it is not known how far a stream came, it ends where no more
    /// than one in 64 of the sequence numbers up to there are stored, and what lies beyond is foreign.
    Findings finish();

private:
    struct Stream {
        SequenceSet stored;
        std::uint64_t doubled = 0;
    };
    struct Run {
        WallTime firstDue = WallTime::max(), lastDue = WallTime::min();
        std::vector<std::int64_t> early; ///< latencies in µs, before there are enough for a histogram
        LatencyHistogram latency;
        std::uint64_t negative = 0, withoutTime = 0;
    };
    static constexpr std::uint32_t keyOf(std::uint32_t tag, std::uint8_t stream) { return tag << 8U | stream; }
    bool mayBeOurs(const EventIdParts& parts) const;
    Stream& streamOf(std::uint32_t key);
    Run& runOf(std::uint32_t tag);
    void recordLatency(Run& run, Nanoseconds latency);
    void stayWithinMemory();
    std::size_t memory() const;
    void drop(std::uint32_t key);
    void dropEmptyRuns();

    Options m_options;
    std::unordered_map<std::uint32_t, Stream> m_streams; // by keyOf()
    std::unordered_map<std::uint32_t, Run> m_runs;       // by tag
    std::vector<bool> m_dropped;                         // by keyOf(); empty: none was
    std::uint64_t m_rows = 0, m_foreign = 0, m_otherRuns = 0;
    // The last row's: neighbours mostly have the same.
    std::uint32_t m_lastKey = 0, m_lastTag = 0;
    Stream* m_lastStream = nullptr;
    Run* m_lastRun = nullptr;
};

} // namespace core
