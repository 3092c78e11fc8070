// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/measure/recorder.h"
#include "core/ports/event_account.h"
#include "services/consumer/batch.h"
#include "services/consumer/key_order.h"

#include <cstdint>
#include <span>
#include <vector>

namespace services {

/// Enters committed batches into the worker's lane and the run's account. The worker's thread only.
class BatchAccount {
public:
    BatchAccount(core::WorkerLane& lane, const core::RunTimes& times, core::EventAccount& account,
                 core::ClockPair clocks);

    /// `alreadyStored`: indexes of the rows that the primary key knew, ascending. `stored`: the instant after COMMIT.
    void count(const Batch& batch, std::span<const std::uint32_t> alreadyStored, core::Instant stored);
    /// From now on. A run keeps its pair, so that a step of the wall clock moves nothing; who lives longer may not.
    void setClocks(core::ClockPair clocks) { m_clocks = std::move(clocks); }
    /// A batch was rolled back.
    void abandon(std::uint64_t polled);

private:
    void countAside(const Batch& batch);
    void countDone(core::Instant stored);
    void countRow(const core::EventRow& row, const Origin& origin, bool alreadyStored, core::Instant stored);
    void record(const core::EventId& id, const Origin& origin, core::Instant stored);
    void keepSlowest(core::Instant stored);
    void count(const core::ConsumerCounts& counts, std::size_t rows, std::size_t alreadyStored);
    core::WorkerStreamLane* laneOf(std::uint8_t stream);
    void readTimes();

    struct Part {
        core::Instant from;
        core::Instant until;
        bool has(core::Instant at) const { return at >= from && at < until; }
    };
    /// The slowest of a batch's events that were measured.
    struct Slowest {
        core::WorkerStreamLane* lane = nullptr; // null: there was none
        core::EventId id;
        core::Nanoseconds processing{}, endToEnd{};
    };
    core::WorkerLane& m_lane;
    const core::RunTimes& m_times;
    core::EventAccount& m_account;
    core::ClockPair m_clocks;
    KeyOrder m_order;
    Part m_measured;           // read once per batch
    std::vector<Part> m_spans; // likewise
    std::vector<core::OwnFate> m_fates;
    Slowest m_slowest;
};

} // namespace services
