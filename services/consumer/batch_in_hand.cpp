// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/consumer/batch_in_hand.h"

#include "services/consumer/back_off.h"

#include <fmt/format.h>

#include <algorithm>
#include <thread>

namespace services {

BatchInHand::BatchInHand(const ConsumerOptions& options, const ConsumerPorts& ports, AssignedPartitions& assigned,
                         core::WorkerLane& lane, const core::RunTimes& times, core::EventAccount& events)
    : m_options(options),
      m_ports(ports),
      m_assigned(assigned),
      m_lane(lane),
      m_account(lane, times, events, options.clocks),
      m_batch(options.batch, options.run) {}

void BatchInHand::accept(const core::PolledMessage& message) {
    AssignedPartition* const holding = m_assigned.find(message.topic(), message.partition());
    if (holding == nullptr || message.offset() < holding->read) {
        m_account.abandon(1);
        return;
    }
    if (m_batch.empty()) {
        // The run's own clock knows no steps: an own event is never refused for its time.
        m_wallNow = m_ports.wallNow();
        if (!m_options.run.everyEventAs) {
            m_wallNow = std::max(m_wallNow, m_options.clocks.wallOf(m_ports.now()));
        }
    }
    m_batch.add(message, holding->partition, m_ports.now(), m_wallNow);
    holding->read = core::Offset{message.offset().value + 1};
}

core::Result<BatchInHand::Done> BatchInHand::commit(core::StoreSession& store, core::DuplicateFilter& filter,
                                                    core::Nanoseconds storeLimit) {
    using Kind = core::CommitOutcome::Kind;
    askFilter(filter);
    for (;;) {
        if (const auto violation = m_batch.violation()) {
            return unsound(*violation + ": the batch was not stored");
        }
        if (auto sent = sendDeadLetters(); !sent) {
            return sent.error();
        }
        m_storeWait.setFirst(m_ports.now());
        const auto outcome = store.commit(storeBatch(), storeLimit);
        const core::Instant stored = m_ports.now();
        if (!outcome) {
            return outcome.error();
        }
        m_storeWait.clear();
        if (outcome->kind == Kind::Fenced) {
            m_ports.note({.kind = core::MarkKind::Fault, .detail = outcome->reason, .end = core::End::Store});
            if (outcome->unresolved) {
                noteUnresolved();
            }
            drop("another consumer owns its partitions");
            return Done{.fenced = true, .positions = {}};
        }
        if (auto sound = check(*outcome); !sound) {
            return unsound(sound.error().text());
        }
        if (outcome->kind == Kind::BadRows) {
            m_batch.demote(outcome->badRows);
            continue;
        }
        return committed(*outcome, stored, filter);
    }
}

BatchInHand::Done BatchInHand::committed(const core::CommitOutcome& outcome, core::Instant stored,
                                         core::DuplicateFilter& filter) {
    if (m_options.run.everyEventAs) {
        m_account.setClocks({m_ports.wallNow(), m_ports.now(), {}});
    }
    m_account.count(m_batch, outcome.alreadyStored, stored);
    if (m_ports.refused && !m_batch.refusal().empty()) {
        m_ports.refused(m_batch.refusal());
    }
    filter.remember(m_batch.ids());
    Done done;
    for (const core::OffsetAdvance& advance : m_assigned.advances()) {
        if (m_ports.positionStored) {
            const AssignedPartition* const holding =
                m_assigned.find(advance.partition.topic, advance.partition.partition);
            m_ports.positionStored(advance.partition, std::max(advance.to, holding->clear));
        }
        if (m_ports.committed) {
            m_ports.committed(advance.partition, advance.to);
        }
        done.positions.emplace_back(advance.partition, advance.to);
    }
    m_assigned.stored();
    clear();
    return done;
}

core::Result<BatchInHand::Done> BatchInHand::finish(core::StoreSession& store, core::DuplicateFilter& filter,
                                                    core::Nanoseconds limit) {
    const core::Instant until = m_ports.now() + limit;
    BackOff backOff;
    for (;;) {
        auto done = commit(store, filter, until - m_ports.now());
        if (done) {
            return done;
        }
        const core::Nanoseconds pause = backOff.next();
        if (done.error().kind != core::ErrorKind::Transient || m_ports.now() + pause >= until) {
            const std::string why = done.error().text();
            auto cameThrough = abandon(store, filter, why);
            return cameThrough ? core::Result<Done>(std::move(*cameThrough)) : done;
        }
        std::this_thread::sleep_for(pause); // whether a stop has come or not
    }
}

std::optional<BatchInHand::Done> BatchInHand::abandon(core::StoreSession& store, core::DuplicateFilter& filter,
                                                      const std::string& why) {
    constexpr core::Nanoseconds kLimit = std::chrono::seconds(1);
    const auto outcome = store.resolve(kLimit);
    if (outcome && *outcome) {
        return committed(**outcome, m_ports.now(), filter);
    }
    if (!outcome) {
        noteUnresolved();
    }
    drop(why);
    return std::nullopt;
}

void BatchInHand::noteUnresolved() const {
    if (m_ports.unresolved) {
        m_ports.unresolved();
    }
}

void BatchInHand::drop(const std::string& why) {
    m_ports.note({.kind = core::MarkKind::Warning,
                  .detail = fmt::format("A batch of {} messages was given up: {}", m_batch.counts().polled, why)});
    m_account.abandon(m_batch.counts().polled);
    m_assigned.rewind();
    clear();
}

void BatchInHand::clear() {
    m_batch.clear();
    m_asked = false;
    m_deadLettersSent = 0;
    m_refusedLetters.clear();
    m_storeWait.clear();
}

void BatchInHand::askFilter(core::DuplicateFilter& filter) {
    // A critical event never skips on the filter's word alone, so there is no use in asking.
    // Nor on that of one that knows more than a store that has gone back.
    if (m_asked || m_options.criticalTier || m_batch.rows().empty() || m_assigned.doubted()) {
        return;
    }
    m_known.assign(m_batch.rows().size(), 0);
    const std::uint64_t bypassed = filter.lookUp(m_batch.ids(), m_known);
    m_lane.filterBypassed.add(bypassed);
    if (bypassed > 0) {
        m_filterWait.setFirst(m_ports.now());
    } else {
        m_filterWait.clear();
        m_filterAnswer.set(m_ports.now());
    }
    m_known.resize(m_batch.rows().size());
    if (std::find_if(m_known.begin(), m_known.end(), [](std::uint8_t known) { return known != 0; }) != m_known.end()) {
        m_batch.dropKnown(m_known);
    }
    m_asked = true;
}

core::Status BatchInHand::sendDeadLetters() {
    if (!m_ports.deadLetterTopic) {
        return {};
    }
    const auto waiting = std::span(m_batch.deadLetters()).subspan(m_deadLettersSent);
    if (waiting.empty()) {
        return {};
    }
    const auto refused = m_ports.deadLetterTopic(waiting);
    if (!refused) {
        return refused.error();
    }
    for (const RefusedLetter& each : *refused) {
        core::DeadLetter& letter = m_refusedLetters.emplace_back(waiting[each.index]);
        letter.reason += fmt::format("; the dead-letter topic does not take it: {}", each.reason);
    }
    m_deadLettersSent = m_batch.deadLetters().size();
    return {};
}

core::StoreBatch BatchInHand::storeBatch() const {
    core::StoreBatch content;
    content.rows = m_batch.rows();
    content.deadLetters = m_ports.deadLetterTopic ? std::span<const core::DeadLetter>(m_refusedLetters)
                                                  : std::span<const core::DeadLetter>(m_batch.deadLetters());
    content.offsets = m_assigned.advances();
    content.counts = m_batch.counts();
    return content;
}

core::Status BatchInHand::check(const core::CommitOutcome& outcome) const {
    const std::size_t rows = m_batch.rows().size();
    if (outcome.kind == core::CommitOutcome::Kind::BadRows) {
        const auto& bad = outcome.badRows;
        const bool disorder =
            std::ranges::adjacent_find(bad, std::ranges::greater_equal(), &core::BadRow::row) != bad.end();
        if (!bad.empty() && !disorder && bad.back().row < rows) {
            return {};
        }
        return core::fatal(
            fmt::format("The store refused {} rows that are not among the {} of the batch", bad.size(), rows));
    }
    const auto& known = outcome.alreadyStored;
    const bool ascending = std::adjacent_find(known.begin(), known.end(), std::greater_equal<>{}) == known.end();
    if (ascending && (known.empty() || known.back() < rows)) {
        return {};
    }
    return core::fatal(fmt::format("The store reported {} rows as known that are not {} rows of the batch: polled no "
                                   "longer equals stored + duplicate + dead-lettered",
                                   known.size(), rows));
}

core::Error BatchInHand::unsound(std::string reason) {
    m_violation = std::move(reason);
    return core::fatal(*m_violation);
}

} // namespace services
