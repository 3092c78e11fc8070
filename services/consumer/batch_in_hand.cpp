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
        m_wallNow = m_ports.wallNow();
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
        const auto outcome = store.commit(storeBatch(), storeLimit);
        const core::Instant stored = m_ports.now();
        if (!outcome) {
            return outcome.error();
        }
        if (outcome->kind == Kind::Fenced) {
            m_ports.note({.kind = core::MarkKind::Fault, .detail = outcome->reason, .end = core::End::Store});
            abandon("another consumer owns its partitions");
            return Done{.fenced = true, .positions = {}};
        }
        if (auto sound = check(*outcome); !sound) {
            return unsound(sound.error().text());
        }
        if (outcome->kind == Kind::BadRow) {
            m_batch.demote(outcome->badRow, outcome->reason);
            continue;
        }
        if (m_options.run.everyEventAs) {
            m_account.setClocks({m_ports.wallNow(), m_ports.now(), {}});
        }
        m_account.count(m_batch, outcome->alreadyStored, stored);
        filter.remember(m_batch.ids());
        return committed();
    }
}

BatchInHand::Done BatchInHand::committed() {
    Done done;
    for (const core::OffsetAdvance& advance : m_assigned.advances()) {
        if (m_ports.positionStored) {
            const AssignedPartition* const holding =
                m_assigned.find(advance.partition.topic, advance.partition.partition);
            m_ports.positionStored(advance.partition, std::max(advance.to, holding->clear));
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
            abandon(done.error().text());
            return done;
        }
        std::this_thread::sleep_for(pause); // whether a stop has come or not
    }
}

void BatchInHand::abandon(const std::string& why) {
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
}

void BatchInHand::askFilter(core::DuplicateFilter& filter) {
    // A critical event never skips on the filter's word alone, so there is no use in asking.
    if (m_asked || m_options.criticalTier || m_batch.rows().empty()) {
        return;
    }
    m_known.assign(m_batch.rows().size(), 0);
    m_lane.filterBypassed.add(filter.lookUp(m_batch.ids(), m_known));
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
    if (auto sent = m_ports.deadLetterTopic(waiting); !sent) {
        return sent;
    }
    m_deadLettersSent = m_batch.deadLetters().size();
    return {};
}

core::StoreBatch BatchInHand::storeBatch() const {
    core::StoreBatch content;
    content.rows = m_batch.rows();
    if (!m_ports.deadLetterTopic) {
        content.deadLetters = m_batch.deadLetters();
    }
    content.offsets = m_assigned.advances();
    content.counts = m_batch.counts();
    return content;
}

core::Status BatchInHand::check(const core::CommitOutcome& outcome) const {
    const std::size_t rows = m_batch.rows().size();
    if (outcome.kind == core::CommitOutcome::Kind::BadRow) {
        if (outcome.badRow < rows) {
            return {};
        }
        return core::fatal(fmt::format("The store refused row {} of a batch of {} rows", outcome.badRow, rows));
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
