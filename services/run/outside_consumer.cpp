// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/run/outside_consumer.h"

#include <algorithm>
#include <chrono>
#include <limits>
#include <utility>

namespace services {

using namespace std::chrono_literals;

namespace {

constexpr core::Nanoseconds kTableLookEvery = 250ms;
constexpr int kRestPerLook = 9;                  // times a look's length it rests
constexpr core::Nanoseconds kCountEvery = 100ms; // of what is missing
constexpr core::Nanoseconds kQuiet = 2s;         // without a new row: nothing more comes
constexpr int kQuietShare = 4;                   // or this part of the drain, where that is longer

} // namespace

OutsideConsumer::OutsideConsumer(std::unique_ptr<core::AuditedRows> rows, Options options, core::WorkerLane& lane,
                                 const core::RunTimes& times, RunAccount& account)
    : m_rows(std::move(rows)),
      m_options(std::move(options)),
      m_lane(lane),
      m_times(times),
      m_account(account),
      m_seen(m_options.head.identity.streams),
      m_body([this](const std::stop_token& stop) { run(stop); }) {}

OutsideConsumer::~OutsideConsumer() = default;

void OutsideConsumer::run(const std::stop_token& stop) {
    while (!stop.stop_requested()) {
        const core::Instant begin = Clock::now();
        const core::Status looked = look(stop);
        if (looked) {
            m_trouble.clear();
            m_looked.store(true, std::memory_order_release);
        } else if (!stop.stop_requested()) {
            m_trouble.set(looked.error().text());
        }
        const core::Nanoseconds rest =
            std::max<core::Nanoseconds>(kTableLookEvery, kRestPerLook * (Clock::now() - begin));
        std::unique_lock lock(m_mutex);
        m_wake.wait_for(lock, stop, rest, [] { return false; });
    }
    m_left.store(true, std::memory_order_release);
}

/// At the end, where events are missing and none has come for a while, all of the table is looked at: rows take the
/// places of deleted ones, too.
core::Status OutsideConsumer::look(const std::stop_token& stop) {
    m_fates.clear();
    const core::Instant last{core::Nanoseconds(m_lastNew.load(std::memory_order_relaxed))};
    const bool whole = !m_rows->facts().notFollowed.empty() ||
                       (m_draining.load(std::memory_order_acquire) && Clock::now() - last > kQuiet / 2);
    const auto take = [this](const core::AuditedRow& row) { enter(row); };
    const core::Status read = whole ? m_rows->each(take, stop) : m_rows->followed(take, stop);
    if (!m_fates.empty()) {
        m_lastNew.store(Clock::now().time_since_epoch().count(), std::memory_order_relaxed);
        m_account.committed(m_fates);
    }
    return read;
}

void OutsideConsumer::enter(const core::AuditedRow& row) {
    const auto own = row.id ? m_options.head.identity.own(*row.id) : std::nullopt;
    if (!own || own->stream >= m_seen.size() || !m_seen[own->stream].insert(own->sequence)) {
        return; // foreign, or looked at again
    }
    m_fates.push_back({own->stream, own->sequence, core::OwnFate::Kind::Stored, own->due});
    m_lane.polled.add();
    m_lane.stored.add();
    m_lane.streams[own->stream]->stored.add();
    const core::Instant stored = storedAt(row);
    const core::Instant due = m_options.head.clocks.instantOf(own->due);
    if (m_times.measured(due)) {
        m_lane.measuredDone.add();
        m_doneUntil = std::max(m_doneUntil, stored);
        m_lane.measuredDoneUntil.set(static_cast<std::uint64_t>(m_doneUntil.time_since_epoch().count()));
    }
    for (std::size_t span = 0; span < m_times.spans(); ++span) {
        if (m_times.inSpan(span, due)) {
            m_lane.spanStored[span]->add();
            core::Counter& until = *m_lane.spanStoredUntil[span];
            until.set(std::max(until.value(), static_cast<std::uint64_t>(stored.time_since_epoch().count())));
        }
    }
    if (row.storedAt) {
        record(*own, stored);
    }
}

/// By our clock. Where the row does not say: now at the latest.
core::Instant OutsideConsumer::storedAt(const core::AuditedRow& row) const {
    if (!row.storedAt) {
        return Clock::now();
    }
    const core::AuditedTableFacts& facts = m_rows->facts();
    // What a column says may be by another clock than the server's.
    const bool ahead =
        facts.storedAt == core::StoredAtSource::Commit && std::chrono::abs(facts.clockAhead) > facts.clockError;
    return m_options.head.clocks.instantOf(*row.storedAt - (ahead ? facts.clockAhead : core::Nanoseconds{}));
}

void OutsideConsumer::record(const core::EventIdParts& own, core::Instant stored) {
    const core::Instant due = m_options.head.clocks.instantOf(own.due);
    const core::Nanoseconds endToEnd = stored - due;
    for (std::size_t span = 0; span < m_times.spans(); ++span) {
        if (m_times.inSpan(span, due)) {
            m_lane.spanEndToEnd[span]->record(endToEnd);
        }
    }
    if (!m_times.measured(due)) {
        return;
    }
    core::WorkerStreamLane& lane = *m_lane.streams[own.stream];
    lane.endToEnd.record(endToEnd);
    if (const auto delay = m_account.sendDelay(own.stream, own.sequence)) {
        lane.endToEndUncorrected.record(endToEnd - *delay);
    }
}

core::ConsumerWaits OutsideConsumer::waits() const {
    const core::Instant last{core::Nanoseconds(m_lastNew.load(std::memory_order_relaxed))};
    return {.store = std::max(m_begun, last), .filter = {}};
}

/// Acknowledged, and not seen in the table yet.
std::uint64_t OutsideConsumer::undrained() const {
    if (const core::Instant now = Clock::now(); now >= m_countAgain) {
        m_countAgain = now + kCountEvery;
        m_missing = m_account.close().lost;
    }
    return m_missing;
}

/// Nobody tells us how far the consumer has read. While it stores, what is missing is on its way; and where it has
/// stored nothing at all, it was not at work. But one that is through and has left events out has lost them.
std::uint64_t OutsideConsumer::late() const {
    const core::Instant last{core::Nanoseconds(m_lastNew.load(std::memory_order_relaxed))};
    const core::Nanoseconds quiet = std::max<core::Nanoseconds>(kQuiet, m_options.drain / kQuietShare);
    const bool comes = last == core::Instant{} || Clock::now() - last < quiet || !m_trouble.text().empty();
    return comes ? std::numeric_limits<std::uint64_t>::max() : 0;
}

} // namespace services
