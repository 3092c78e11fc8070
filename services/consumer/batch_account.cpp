// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/consumer/batch_account.h"

#include <algorithm>

namespace services {

BatchAccount::BatchAccount(core::WorkerLane& lane, const core::RunTimes& times, core::EventAccount& account,
                           core::ClockPair clocks)
    : m_lane(lane), m_times(times), m_account(account), m_clocks(std::move(clocks)) {}

void BatchAccount::count(const Batch& batch, std::span<const std::uint32_t> alreadyStored, core::Instant stored) {
    readTimes();
    m_slowest = {};
    countAside(batch);
    auto already = alreadyStored.begin();
    const auto& origins = batch.origins();
    for (std::size_t row = 0; row < origins.size(); ++row) {
        const bool known = already != alreadyStored.end() && *already == row;
        if (known) {
            ++already;
        }
        countRow(batch.rows()[row], origins[row], known, stored);
    }
    count(batch.counts(), origins.size(), alreadyStored.size());
    countDone(stored);
    keepSlowest(stored);
    m_account.committed(m_fates);
}

/// By due time, so that what comes in shortly after the end counts. An injected duplicate has its original's id and was
/// planned later: it counts by the time of its commit as well.
void BatchAccount::countDone(core::Instant stored) {
    std::uint64_t done = 0;
    for (const core::OwnFate& fate : m_fates) {
        if (fate.kind == core::OwnFate::Kind::Refused) {
            continue;
        }
        const bool late = fate.kind == core::OwnFate::Kind::Duplicate && m_measured.has(stored);
        done += m_measured.has(m_clocks.instantOf(fate.due)) || late ? 1 : 0;
    }
    if (done > 0) {
        m_lane.measuredDone.add(done);
        m_lane.measuredDoneUntil.set(static_cast<std::uint64_t>(stored.time_since_epoch().count()));
    }
}

void BatchAccount::readTimes() {
    m_measured = {m_times.measuredFrom(), m_times.measuredUntil()};
    m_spans.clear();
    for (std::size_t span = 0; span < m_times.spans(); ++span) {
        m_spans.push_back({m_times.spanFrom(span), m_times.spanUntil(span)});
    }
}

void BatchAccount::countAside(const Batch& batch) {
    m_fates.assign(batch.fates().begin(), batch.fates().end());
    for (const core::OwnFate& fate : m_fates) {
        if (core::WorkerStreamLane* const lane = laneOf(fate.stream)) {
            (fate.kind == core::OwnFate::Kind::Duplicate ? lane->duplicate : lane->deadLettered).add();
        }
    }
}

void BatchAccount::countRow(const core::EventRow& row, const Origin& origin, bool alreadyStored, core::Instant stored) {
    if (!origin.own) {
        return;
    }
    const core::EventIdParts& own = *origin.own;
    core::WorkerStreamLane* const lane = laneOf(own.stream);
    if (alreadyStored) {
        m_fates.push_back({own.stream, own.sequence, core::OwnFate::Kind::Duplicate, own.due});
        if (lane) {
            lane->duplicate.add();
        }
        return;
    }
    m_fates.push_back({own.stream, own.sequence, core::OwnFate::Kind::Stored, own.due});
    if (lane) {
        lane->stored.add();
    }
    if (m_order.storedLate(origin.keyHash, own.stream, own.sequence)) {
        m_lane.reordered.add();
    }
    record(row.id, origin, stored);
}

void BatchAccount::record(const core::EventId& id, const Origin& origin, core::Instant stored) {
    const core::EventIdParts& own = *origin.own;
    const core::Instant due = m_clocks.instantOf(own.due);
    const core::Nanoseconds endToEnd = stored - due;
    for (std::size_t span = 0; span < m_spans.size(); ++span) {
        if (!m_spans[span].has(due)) {
            continue;
        }
        if (span < m_lane.spanEndToEnd.size()) {
            m_lane.spanEndToEnd[span]->record(endToEnd);
        }
        if (span < m_lane.spanStored.size()) {
            m_lane.spanStored[span]->add();
            m_lane.spanStoredUntil[span]->set(static_cast<std::uint64_t>(stored.time_since_epoch().count()));
        }
    }
    core::WorkerStreamLane* const lane = laneOf(own.stream);
    if (!lane || !m_measured.has(due)) {
        return;
    }
    const core::Nanoseconds processing = stored - origin.polled;
    lane->processing.record(processing);
    lane->endToEnd.record(endToEnd);
    if (m_slowest.lane == nullptr || endToEnd > m_slowest.endToEnd) {
        m_slowest = {lane, id, processing, endToEnd};
    }
    if (const auto sendDelay = m_account.sendDelay(own.stream, own.sequence)) {
        lane->endToEndUncorrected.record(endToEnd - *sendDelay);
    }
}

void BatchAccount::keepSlowest(core::Instant stored) {
    if (m_slowest.lane == nullptr) {
        return;
    }
    const auto exemplar = [&](core::Nanoseconds value) {
        return core::Exemplar{m_slowest.id, std::chrono::floor<std::chrono::microseconds>(value),
                              m_clocks.wallOf(stored)};
    };
    m_slowest.lane->processingExemplars.record(exemplar(m_slowest.processing));
    m_slowest.lane->endToEndExemplars.record(exemplar(m_slowest.endToEnd));
}

void BatchAccount::count(const core::ConsumerCounts& counts, std::size_t rows, std::size_t alreadyStored) {
    m_lane.polled.add(counts.polled);
    m_lane.stored.add(rows - alreadyStored);
    m_lane.duplicateFilter.add(counts.duplicateFilter);
    m_lane.duplicateBatch.add(counts.duplicateBatch);
    m_lane.duplicateStore.add(alreadyStored);
    m_lane.deadLettered.add(counts.deadLettered);
    m_lane.foreign.add(counts.foreign);
}

void BatchAccount::abandon(std::uint64_t polled) {
    m_lane.abandoned.add(polled);
}

core::WorkerStreamLane* BatchAccount::laneOf(std::uint8_t stream) {
    return stream < m_lane.streams.size() ? m_lane.streams[stream].get() : nullptr;
}

} // namespace services
