// SPDX-License-Identifier: GPL-3.0-or-later
// The end of a run: the ledger is closed and the account drawn up.
#include "core/units.h"
#include "services/run/supervisor.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace services {

namespace {

core::Rate rateOf(std::uint64_t events, double during) {
    return {during > 0 ? static_cast<double>(events) / during : 0};
}

/// Where the store keeps counts of its own, they were counted in the transactions that stored the rows: ours must
/// agree.
std::optional<std::string> disagreement(const core::ConsumerCounts& ours, const core::ConsumerCounts& stored) {
    const auto differs = [](const char* name, std::uint64_t a, std::uint64_t b) {
        return a == b ? std::optional<std::string>()
                      : fmt::format("the consumers counted {} {}, the store {} (table run_counts)", a, name, b);
    };
    for (const auto& found :
         {differs("polled", ours.polled, stored.polled), differs("stored", ours.stored, stored.stored),
          differs("duplicates", ours.duplicate(), stored.duplicate()),
          differs("dead-lettered", ours.deadLettered, stored.deadLettered)}) {
        if (found) {
            return found;
        }
    }
    return std::nullopt;
}

} // namespace

core::RunResult Supervisor::resultSoFar(const core::Snapshot& snapshot) {
    core::RunResult result;
    result.id = m_head.id;
    result.name = m_options.scenario.name;
    result.started = m_head.started;
    result.seconds = core::secondsOf(snapshot.measuredLength);
    result.seed = m_options.scenario.seed;
    result.runTag = m_head.identity.runTag;
    result.ledger.producer = snapshot.producer();
    result.ledger.consumer = snapshot.consumer;
    result.ledger.ids.reordered = snapshot.reordered;
    result.drainSeconds = core::secondsOf(m_drained);
    for (const core::Metric metric : core::kMetrics) {
        of(result.latency, metric) = snapshot.latency(metric);
    }
    result.targetRate = rateOf(snapshot.measuredPlanned, result.seconds).perSecond;
    if (m_measuredBegin) { // what was sent and acked within the part, whenever it was due
        const core::ProducerCounts end = m_measuredEnd ? *m_measuredEnd : result.ledger.producer;
        result.sentRate = rateOf(end.sent - m_measuredBegin->sent, result.seconds).perSecond;
        result.ackedRate = rateOf(end.acked - m_measuredBegin->acked, result.seconds).perSecond;
    }
    result.storedRate = rateOf(snapshot.measuredDone, result.seconds).perSecond;
    result.streams = snapshot.streams;
    if (result.streams.back().producer.planned == 0) { // no live burst was asked for
        result.streams.pop_back();
    }
    result.spans = snapshot.spans;
    result.filterBypassed = snapshot.filterBypassed;
    result.negativeLatencies = snapshot.negativeLatencies;
    result.offsetGap = snapshot.offsetGap;
    result.host = m_hostFacts;
    result.target = m_targetFacts;
    result.settings = m_settings;
    result.versions = m_versions;
    result.scenario = m_options.scenario.text;
    const std::lock_guard lock(m_mutex);
    result.timeline = m_timeline;
    return result;
}

core::Ledger Supervisor::closeLedger(const core::Snapshot& last) {
    core::Ledger ledger;
    ledger.producer = last.producer();
    ledger.consumer = last.consumer;
    ledger.ids = m_account.close();
    ledger.ids.reordered = last.reordered;
    ledger.ids.undrained = m_undrained;
    ledger.ids.lost -= std::min(ledger.ids.lost, m_undrained);

    if (!m_identityViolation) {
        m_identityViolation = ledger.violation(true);
    }
    if (const auto counts = m_pipeline->store().runCounts(m_head.id); !counts) {
        m_unreachable = m_unreachable ? m_unreachable : counts.error().message;
    } else if (!m_identityViolation) {
        m_identityViolation = disagreement(ledger.consumer, *counts);
    }
    return ledger;
}

core::RunResult Supervisor::account() {
    const core::Snapshot last = takeSnapshot(Clock::now());
    m_monitor.sample(last);
    const core::Ledger ledger = closeLedger(last);
    core::RunResult result = resultSoFar(last);
    result.ledger = ledger;
    result.samples = m_monitor.samples();

    core::RunFacts facts;
    facts.internalError = m_internalError;
    facts.unreachable = m_unreachable;
    facts.interrupted = m_interrupted;
    facts.generatorSaturated = m_monitor.generatorSaturated();
    facts.identityViolation = m_identityViolation;
    facts.offsetGap = last.offsetGap;
    facts.ledger = ledger;
    facts.rules = m_monitor.judge(last, ledger, m_drained);
    facts.seconds = result.seconds;
    facts.target = {result.targetRate};
    facts.stored = {result.storedRate};
    if (const auto p99 = of(result.latency, core::Metric::EndToEnd).percentile(99)) {
        facts.endToEndP99Ms = static_cast<double>(*p99) / 1e3;
    }
    facts.embedded = m_pipeline->broker().embedded();
    result.verdict = core::judge(facts);
    return result;
}

void Supervisor::writeJournal(const core::Snapshot& snapshot) {
    JournalEntry entry{m_head,
                       m_options.target.shown(),
                       m_options.overrides,
                       {},
                       m_pipeline->consumers().positions(),
                       resultSoFar(snapshot)};
    entry.soFar.ledger.producer = snapshot.producer();
    entry.soFar.ledger.consumer = snapshot.consumer;
    entry.soFar.ledger.closed = false;
    core::RunFacts facts;
    facts.ledger = entry.soFar.ledger;
    facts.seconds = entry.soFar.seconds;
    entry.soFar.verdict = core::killedVerdict(facts);
    for (std::size_t i = 0; i < m_streams->size(); ++i) {
        entry.acked.push_back(m_account.acked(static_cast<std::uint8_t>(i)));
    }
    if (const core::Status written = m_journal.write(entry); !written && !m_internalError) {
        m_internalError = written.error().message;
        mark({.kind = core::MarkKind::Error, .detail = *m_internalError});
        endLoad(true);
    }
}

} // namespace services
