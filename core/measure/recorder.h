// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/measure/exemplar.h"
#include "core/measure/latency_histogram.h"
#include "core/measure/ledger.h"
#include "core/measure/snapshot.h"

#include <atomic>
#include <memory>
#include <string>
#include <vector>

namespace core {

/// A counter with one writer and any number of readers.
class Counter {
public:
    void add(std::uint64_t by = 1) {
        m_value.store(m_value.load(std::memory_order_relaxed) + by, std::memory_order_relaxed);
    }
    void set(std::uint64_t value) { m_value.store(value, std::memory_order_relaxed); }
    std::uint64_t value() const { return m_value.load(std::memory_order_relaxed); }

private:
    std::atomic<std::uint64_t> m_value{0};
};

/// Where a run's parts lie on the monotonic clock, by due time: the measured part and the spans that rules name. Only
/// the supervising thread moves them; everyone may read.
class RunTimes {
public:
    explicit RunTimes(std::vector<std::string> spanNames);

    void setOrigin(Instant origin); ///< due-time origin: the start of the warm-up
    void setMeasured(Instant from, Instant until);
    void measureAll(); ///< of a service, which measures without end; the monotonic clock is never negative
    void setSpan(std::size_t span, Instant from, Instant until);

    Instant origin() const;
    Nanoseconds sinceOrigin(Instant at) const; ///< 0 before there is one
    Instant measuredFrom() const;
    Instant measuredUntil() const;
    bool measured(Instant due) const { return due >= measuredFrom() && due < measuredUntil(); }

    std::size_t spans() const;
    const std::string& spanName(std::size_t span) const;
    Instant spanFrom(std::size_t span) const;
    Instant spanUntil(std::size_t span) const;
    bool inSpan(std::size_t span, Instant due) const { return due >= spanFrom(span) && due < spanUntil(span); }

private:
    struct Part {
        std::atomic<std::int64_t> from{0}; // ns of the monotonic clock
        std::atomic<std::int64_t> until{0};
    };
    std::vector<std::string> m_names;
    std::unique_ptr<Part[]> m_spans;
    std::atomic<std::int64_t> m_origin{0};
    Part m_measured;
};

/// Written by a stream's own thread.
struct StreamLane {
    Counter planned, sent, unsent, shed;
    Counter refused; ///< sent, but the client would not take it: failed
    Counter measuredPlanned;
    HistogramLane sendDelay, wakeDelay;
    std::vector<std::unique_ptr<HistogramLane>> spanSendDelay; ///< one a span
};

/// Written by the thread that takes a stream's delivery reports.
struct DeliveryLane {
    Counter acked, failed, inDoubt;
    HistogramLane ack, ackUncorrected;
    std::vector<std::unique_ptr<HistogramLane>> spanAck;
};

/// A stream's lanes, written by two threads: its own and its publisher's report thread.
struct StreamLanes {
    StreamLane sending;
    DeliveryLane delivery;
};

/// Written by one consumer worker: one for each stream.
struct WorkerStreamLane {
    Counter stored, duplicate, deadLettered;
    HistogramLane processing, endToEnd, endToEndUncorrected;
    ExemplarLane processingExemplars, endToEndExemplars;
};

/// Written by one consumer worker.
struct WorkerLane {
    Counter polled, stored, duplicateFilter, duplicateBatch, duplicateStore, deadLettered, foreign, abandoned;
    Counter filterBypassed, offsetGap, reordered;
    Counter measuredDone;
    Counter measuredDoneUntil; ///< ns of the monotonic clock: the last commit of an event due in the measured part
    std::vector<std::unique_ptr<WorkerStreamLane>> streams;
    std::vector<std::unique_ptr<HistogramLane>> spanEndToEnd;
    std::vector<std::unique_ptr<Counter>> spanStored, spanStoredUntil; ///< the latter as measuredDoneUntil
};

} // namespace core
