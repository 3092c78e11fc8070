// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/format/event_codec.h"
#include "core/ports/broker.h"
#include "core/ports/store.h"
#include "services/consumer/id_set.h"
#include "services/consumer/text_arena.h"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace services {

/// What the worker remembers of a row beside what the store is given.
struct Origin {
    core::Instant polled;
    std::optional<core::EventIdParts> own; ///< nothing: foreign
    std::uint64_t keyHash = 0;             ///< see KeyOrder
    std::uint32_t message = 0;             ///< index into the batch's messages
};

/// The batch in hand: messages as they were polled, read into rows and dead letters, without doubles among the rows.
/// Every message is exactly one of: row, dead letter, double in the batch, known to the filter.
class Batch {
public:
    Batch(std::uint32_t capacity, core::RunIdentity run);

    /// Reads a message of `partition`; the message itself may go afterwards. Not when full.
    void add(const core::PolledMessage& message, const core::TopicPartition& partition, core::Instant polled,
             core::WallTime wallNow);

    bool empty() const { return m_counts.polled == 0; }
    bool full() const { return m_counts.polled >= m_capacity || m_arena.used() >= kMostBytes; }
    core::Instant firstPolled() const { return m_firstPolled; }

    /// Drops the rows that the filter knows; `known` has an entry a row.
    void dropKnown(const std::vector<std::uint8_t>& known);
    /// Makes dead letters of the rows that the store refuses, ascending.
    void demote(std::span<const core::BadRow> refused);
    void clear();

    const std::vector<core::EventRow>& rows() const { return m_rows; }
    const std::vector<Origin>& origins() const { return m_origins; } ///< one per row
    const std::vector<core::DeadLetter>& deadLetters() const { return m_deadLetters; }
    /// What became of this run's own events among the messages that are no rows.
    const std::vector<core::OwnFate>& fates() const { return m_fates; }
    const std::string& refusal() const { return m_refusal; } ///< why the first of its own was refused; empty: none was
    const core::ConsumerCounts& counts() const { return m_counts; } ///< without `stored` and `duplicateStore`
    std::span<const core::EventId> ids();                           ///< of the rows; lives until the next change

    /// D8 before the store has its say: polled = rows + duplicates + dead-lettered. The violation in words.
    std::optional<std::string> violation() const;

    static constexpr std::size_t kMostBytes = std::size_t{16} << 20U; ///< so that huge events do not fill the memory

private:
    struct Message {
        std::size_t partition = 0; // index into m_partitions
        core::Offset offset;
        std::string_view payload;
        std::string_view key;
    };
    std::optional<core::EventIdParts> ownParts(const std::optional<core::EventId>& id,
                                               const core::PolledMessage& message) const;
    void addRow(const core::Event& event, Origin origin);
    void addDeadLetter(const Message& message, std::optional<core::EventId> id,
                       const std::optional<core::EventIdParts>& own, std::string reason, core::OwnFate::Kind kind);
    void countAside(const std::optional<core::EventIdParts>& own, core::OwnFate::Kind kind);
    std::size_t indexOf(const core::TopicPartition& partition);

    std::uint32_t m_capacity;
    core::RunIdentity m_run;
    core::EventDecoder m_decoder;
    TextArena m_arena;
    IdSet m_seen;
    std::vector<core::EventId> m_ids;
    std::vector<core::EventRow> m_rows;
    std::vector<Origin> m_origins;
    std::vector<Message> m_messages;                // of the rows, for a row that the store refuses
    std::vector<core::TopicPartition> m_partitions; // ever seen
    std::size_t m_lastPartition = 0;
    std::vector<core::DeadLetter> m_deadLetters;
    std::vector<core::OwnFate> m_fates;
    std::string m_refusal;
    core::ConsumerCounts m_counts;
    core::Instant m_firstPolled;
};

} // namespace services
