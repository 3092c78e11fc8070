// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/consumer/batch.h"

#include "services/consumer/key_order.h"

#include <fmt/format.h>

#include <algorithm>
#include <cassert>

namespace services {

Batch::Batch(std::uint32_t capacity, core::RunIdentity run)
    : m_capacity(std::max(capacity, 1U)), m_run(run), m_seen(m_capacity) {
    m_ids.reserve(m_capacity);
    m_rows.reserve(m_capacity);
    m_origins.reserve(m_capacity);
    m_messages.reserve(m_capacity);
    m_fates.reserve(m_capacity);
}

void Batch::add(const core::PolledMessage& message, const core::TopicPartition& partition, core::Instant polled,
                core::WallTime wallNow) {
    if (empty()) {
        m_firstPolled = polled;
    }
    ++m_counts.polled;
    // Kept even for a row: the store may refuse it, and a dead letter holds the original bytes.
    const Message kept{indexOf(partition), message.offset(), m_arena.keep(message.payload()),
                       m_arena.keep(message.key())};
    const auto decoded = m_decoder.decode(kept.payload, wallNow);
    if (const auto* unreadable = std::get_if<core::Unreadable>(&decoded)) {
        auto id = core::EventId::parse(message.header("millrace-id"));
        auto own = ownParts(id, message);
        auto kind = core::OwnFate::Kind::DeadLettered;
        if (!own && unreadable->id) { // whatever damaged it left the id alone
            own = ownParts(unreadable->id, message);
            id = own || !id ? unreadable->id : id;
            kind = core::OwnFate::Kind::Refused; // what is sent unreadable has its id in the header
        }
        addDeadLetter(kept, id, own, unreadable->reason, kind);
        return;
    }
    const core::Event& event = std::get<core::Event>(decoded);
    const auto own = ownParts(event.id, message);
    if (!m_seen.insert(event.id)) {
        ++m_counts.duplicateBatch;
        countAside(own, core::OwnFate::Kind::Duplicate);
        return;
    }
    if (!own) {
        ++m_counts.foreign;
    }
    m_messages.push_back(kept);
    const bool numbered = own && !m_run.everyEventAs; // numbers of several producers say nothing about order
    addRow(event, {polled, own, numbered ? KeyOrder::hashOf(kept.key, event.id) : 0,
                   static_cast<std::uint32_t>(m_messages.size() - 1)});
}

std::optional<core::EventIdParts> Batch::ownParts(const std::optional<core::EventId>& id,
                                                  const core::PolledMessage& message) const {
    auto own = id ? m_run.own(*id) : std::nullopt;
    if (!own && m_run.everyEventAs) { // an id without a time: the record's counts
        if (const auto written = message.timestamp()) {
            own = core::EventIdParts{.due = *written, .stream = *m_run.everyEventAs};
        }
    }
    return own;
}

void Batch::addRow(const core::Event& event, Origin origin) {
    core::EventRow& row = m_rows.emplace_back(event);
    row.message = m_arena.keep(event.message);
    row.source = m_arena.keep(event.source);
    row.traceId = m_arena.keep(event.traceId);
    m_origins.push_back(origin);
}

void Batch::addDeadLetter(const Message& message, std::optional<core::EventId> id,
                          const std::optional<core::EventIdParts>& own, std::string reason, core::OwnFate::Kind kind) {
    if (own && kind == core::OwnFate::Kind::Refused && m_refusal.empty()) {
        m_refusal = reason;
    }
    m_deadLetters.push_back(
        {m_partitions[message.partition], message.offset, message.payload, message.key, std::move(reason), id});
    ++m_counts.deadLettered;
    countAside(own, kind);
}

void Batch::countAside(const std::optional<core::EventIdParts>& own, core::OwnFate::Kind kind) {
    if (own) {
        m_fates.push_back({own->stream, own->sequence, kind, own->due});
    } else {
        ++m_counts.foreign;
    }
}

std::size_t Batch::indexOf(const core::TopicPartition& partition) {
    if (m_lastPartition < m_partitions.size() && m_partitions[m_lastPartition] == partition) {
        return m_lastPartition;
    }
    const auto found = std::find(m_partitions.begin(), m_partitions.end(), partition);
    m_lastPartition = static_cast<std::size_t>(found - m_partitions.begin());
    if (found == m_partitions.end()) {
        m_partitions.push_back(partition);
    }
    return m_lastPartition;
}

void Batch::dropKnown(const std::vector<std::uint8_t>& known) {
    assert(known.size() >= m_rows.size());
    std::size_t kept = 0;
    for (std::size_t row = 0; row < m_rows.size(); ++row) {
        if (known[row] == 0) {
            m_rows[kept] = m_rows[row];
            m_origins[kept++] = m_origins[row];
            continue;
        }
        ++m_counts.duplicateFilter;
        if (const auto& own = m_origins[row].own) { // a foreign one has been counted as such when it was added
            m_fates.push_back({own->stream, own->sequence, core::OwnFate::Kind::Duplicate, own->due});
        }
    }
    m_rows.resize(kept);
    m_origins.resize(kept);
}

void Batch::demote(std::span<const core::BadRow> refused) {
    std::size_t kept = 0;
    auto next = refused.begin();
    for (std::size_t row = 0; row < m_rows.size(); ++row) {
        if (next == refused.end() || next->row != row) {
            m_rows[kept] = m_rows[row];
            m_origins[kept++] = m_origins[row];
            continue;
        }
        const auto own = m_origins[row].own;
        if (!own) {
            --m_counts.foreign; // becoming a dead letter counts it again
        }
        addDeadLetter(m_messages[m_origins[row].message], m_rows[row].id, own, next->reason,
                      core::OwnFate::Kind::Refused);
        ++next;
    }
    assert(next == refused.end());
    m_rows.resize(kept);
    m_origins.resize(kept);
}

void Batch::clear() {
    m_arena.clear();
    m_seen.clear();
    m_ids.clear();
    m_rows.clear();
    m_origins.clear();
    m_messages.clear();
    m_deadLetters.clear();
    m_fates.clear();
    m_refusal.clear();
    m_counts = {};
}

std::span<const core::EventId> Batch::ids() {
    m_ids.clear();
    for (const core::EventRow& row : m_rows) {
        m_ids.push_back(row.id);
    }
    return m_ids;
}

std::optional<std::string> Batch::violation() const {
    const std::uint64_t accounted = m_rows.size() + m_counts.duplicate() + m_counts.deadLettered;
    if (m_counts.polled == accounted && m_counts.deadLettered == m_deadLetters.size()) {
        return std::nullopt;
    }
    return fmt::format("A batch of {} polled messages accounts for {}: {} rows, {} duplicates and {} dead letters",
                       m_counts.polled, accounted, m_rows.size(), m_counts.duplicate(), m_counts.deadLettered);
}

} // namespace services
