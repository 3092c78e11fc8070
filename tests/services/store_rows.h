// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/ports/store.h"

#include <string>
#include <vector>

/// Rows and batches for the tests of the stores.
namespace store_rows {

inline constexpr std::uint32_t kRunTag = 4711;
inline const core::WallTime kDue{std::chrono::seconds(1'800'000'000)}; ///< 2027-01-15T08:00:00Z

inline core::EventId idOf(std::uint64_t sequence, core::Nanoseconds later = {}) {
    return core::EventId::compose({.due = kDue + later, .runTag = kRunTag, .stream = 0, .sequence = sequence});
}

inline core::EventRow rowOf(std::uint64_t sequence) {
    return {.id = idOf(sequence),
            .level = core::Level::Warn,
            .message = "payment declined",
            .source = "payment-service",
            .timestamp = kDue,
            .traceId = "trace-1"};
}

inline std::vector<core::EventRow> rowsOf(std::uint64_t first, std::uint64_t count) {
    std::vector<core::EventRow> rows;
    for (std::uint64_t i = 0; i < count; ++i) {
        rows.push_back(rowOf(first + i));
    }
    return rows;
}

inline core::TopicPartition partition(std::int32_t number = 0) {
    return {.topic = "log-events", .partition = {number}};
}

/// A worker that owns one partition and commits one batch after the other, as the consumer does.
class Writer {
public:
    Writer(std::unique_ptr<core::StoreSession> session, core::TopicPartition where = partition())
        : m_session(std::move(session)), m_where(std::move(where)) {}

    core::Status begin() {
        auto owned = m_session->own({m_where});
        if (!owned) {
            return owned.error();
        }
        m_owned = owned->front();
        if (m_owned.next) {
            return {};
        }
        auto set = m_session->setPosition(m_owned, core::Offset{0});
        if (!set) {
            return set.error();
        }
        m_owned = *set;
        return {};
    }
    core::Result<core::CommitOutcome> commit(const std::vector<core::EventRow>& rows,
                                             const std::vector<core::DeadLetter>& letters = {},
                                             core::Nanoseconds limit = core::Nanoseconds::max()) {
        const core::Offset to{m_owned.next->value + static_cast<std::int64_t>(rows.size() + letters.size())};
        const core::OffsetAdvance advance{m_where, m_owned.epoch, *m_owned.next, to};
        auto outcome =
            m_session->commit({.rows = rows,
                               .deadLetters = letters,
                               .offsets = std::span(&advance, 1),
                               .counts = {.polled = rows.size() + letters.size(), .deadLettered = letters.size()}},
                              limit);
        if (outcome && outcome->kind == core::CommitOutcome::Kind::Committed) {
            m_owned.next = to;
        }
        return outcome;
    }
    core::StoreSession& session() { return *m_session; }
    core::Ownership& owned() { return m_owned; }

private:
    std::unique_ptr<core::StoreSession> m_session;
    core::TopicPartition m_where;
    core::Ownership m_owned;
};

} // namespace store_rows
