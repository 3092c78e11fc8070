// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/consumer/batch_commit.h"

#include <fmt/format.h>

#include <algorithm>

namespace services {

BatchCommit::BatchCommit(const ConsumerPorts& ports, bool criticalTier, BatchAccount& account, core::WorkerLane& lane)
    : m_ports(ports), m_criticalTier(criticalTier), m_account(account), m_lane(lane) {}

core::Result<BatchCommit::Try> BatchCommit::attempt(Batch& batch, AssignedPartitions& assigned,
                                                    core::StoreSession& store, core::DuplicateFilter& filter,
                                                    core::Nanoseconds storeLimit) {
    using Kind = core::CommitOutcome::Kind;
    askFilter(batch, filter);
    for (;;) {
        if (const auto violation = batch.violation()) {
            return Try{.unsound = true, .reason = *violation + ": the batch was not stored"};
        }
        if (auto sent = sendDeadLetters(batch); !sent) {
            return sent.error();
        }
        const auto outcome = store.commit(storeBatch(batch, assigned), storeLimit);
        const core::Instant stored = m_ports.now();
        if (!outcome) {
            return outcome.error();
        }
        if (outcome->kind == Kind::Fenced) {
            return Try{.fenced = true, .reason = outcome->reason};
        }
        if (auto sound = check(batch, *outcome); !sound) {
            return Try{.unsound = true, .reason = sound.error().message};
        }
        if (outcome->kind == Kind::BadRow) {
            batch.demote(outcome->badRow, outcome->reason);
            continue;
        }
        m_account.count(batch, outcome->alreadyStored, stored);
        filter.remember(batch.ids());
        if (m_ports.positionStored) {
            for (const core::OffsetAdvance& advance : assigned.advances()) {
                m_ports.positionStored(advance.partition, advance.to);
            }
        }
        return Try{};
    }
}

void BatchCommit::reset() {
    m_asked = false;
    m_deadLettersSent = 0;
}

void BatchCommit::askFilter(Batch& batch, core::DuplicateFilter& filter) {
    // A critical event never skips on the filter's word alone, so there is no use in asking.
    if (m_asked || m_criticalTier || batch.rows().empty()) {
        return;
    }
    m_known.assign(batch.rows().size(), 0);
    m_lane.filterBypassed.add(filter.lookUp(batch.ids(), m_known));
    m_known.resize(batch.rows().size());
    if (std::find_if(m_known.begin(), m_known.end(), [](std::uint8_t known) { return known != 0; }) != m_known.end()) {
        batch.dropKnown(m_known);
    }
    m_asked = true;
}

core::Status BatchCommit::sendDeadLetters(const Batch& batch) {
    if (!m_ports.deadLetterTopic) {
        return {};
    }
    const auto waiting = std::span(batch.deadLetters()).subspan(m_deadLettersSent);
    if (waiting.empty()) {
        return {};
    }
    if (auto sent = m_ports.deadLetterTopic(waiting); !sent) {
        return sent;
    }
    m_deadLettersSent = batch.deadLetters().size();
    return {};
}

core::StoreBatch BatchCommit::storeBatch(const Batch& batch, AssignedPartitions& assigned) const {
    core::StoreBatch content;
    content.rows = batch.rows();
    if (!m_ports.deadLetterTopic) {
        content.deadLetters = batch.deadLetters();
    }
    content.offsets = assigned.advances();
    content.counts = batch.counts();
    return content;
}

core::Status BatchCommit::check(const Batch& batch, const core::CommitOutcome& outcome) const {
    const std::size_t rows = batch.rows().size();
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

} // namespace services
