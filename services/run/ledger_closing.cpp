// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/run/ledger_closing.h"

#include "core/text/figure_text.h"
#include "services/run/run_result.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <numeric>
#include <utility>

namespace services {

using namespace std::chrono_literals;

namespace {

using Clock = std::chrono::steady_clock;

constexpr core::Nanoseconds kAuditLimit = 10s; // for the store to answer

std::uint64_t sizeOf(const core::SequenceIntervals& intervals) {
    return std::accumulate(intervals.begin(), intervals.end(), std::uint64_t{0},
                           [](std::uint64_t sum, const auto& each) { return sum + each.second - each.first; });
}

} // namespace

void LedgerClosing::close(core::RunResult& result, const core::ConsumerSettings& consumer, std::uint64_t undrained,
                          core::Instant until) {
    core::Ledger& ledger = result.ledger;
    if (m_parts.fleet) {
        doubtUntold(result);
    }
    if (m_parts.consumers->account() != Consumption::Account::Kept) {
        closeByStore(result, consumer, undrained);
        return;
    }
    const std::optional<core::ConsumerCounts> counts = countsOfStore(until);
    const bool rowsAreThere = counts && storeHoldsItsRows();
    core::IdCounts ids = closeAccount(ledger, counts, consumer, undrained);
    if (m_parts.fleet) {
        adoptUnreported(result);
        ids.recovered = m_parts.account.close().recovered;
    }
    closeLedger(ledger, ids, undrained);
    if (!m_facts.identityViolation) {
        m_facts.identityViolation = ledger.violation(true);
    }
    const auto differs = counts ? difference(ledger.consumer, *counts) : std::nullopt;
    if (differs && rowsAreThere) {
        m_mailbox.mark({.kind = core::MarkKind::Warning,
                        .detail = *differs + ", though every row is there: somebody else has changed it",
                        .end = core::End::Store});
    } else if (differs && !m_facts.identityViolation) {
        m_facts.identityViolation = differs;
    }
    if (m_parts.fleet && counts) {
        countOthers(ledger);
    }
}

/// What a producer that was lost had counted and told no id of is in doubt: the store is asked for ids.
void LedgerClosing::doubtUntold(core::RunResult& result) {
    const std::map<std::string, core::ProducerCounts> untold = m_parts.fleet->untold();
    for (std::size_t i = 0; i < result.streams.size(); ++i) {
        core::ProducerCounts& stream = result.streams[i].producer;
        const auto found = untold.find(result.streams[i].name);
        if (found == untold.end()) {
            continue;
        }
        const core::StreamFates told = m_parts.account.fates(static_cast<std::uint8_t>(i));
        const auto excess = [](std::uint64_t counted, std::uint64_t most, const core::SequenceIntervals& ids) {
            return std::min(most, counted - std::min(counted, sizeOf(ids)));
        };
        const std::uint64_t acked = excess(stream.acked, found->second.acked, told.acked);
        const std::uint64_t failed = excess(stream.failed, found->second.failed, told.failed);
        for (core::ProducerCounts* const counts : {&stream, &result.ledger.producer}) {
            counts->acked -= acked;
            counts->failed -= failed;
            counts->inDoubt += acked + failed;
        }
    }
}

/// What a producer that was lost had sent after its last report: known by its trace in the store only.
void LedgerClosing::adoptUnreported(core::RunResult& result) {
    const std::vector<std::uint64_t> inDoubt = m_parts.account.inDoubt();
    const std::vector<std::uint64_t> unreported = m_parts.account.adoptUnreported();
    for (std::size_t i = 0; i < result.streams.size() && i < unreported.size(); ++i) {
        core::ProducerCounts& stream = result.streams[i].producer;
        const std::uint64_t known = stream.inDoubt - std::min(stream.inDoubt, inDoubt[i]); // without their ids
        const std::uint64_t further = unreported[i] - std::min(unreported[i], known);
        for (core::ProducerCounts* const counts : {&stream, &result.ledger.producer}) {
            counts->planned += further;
            counts->sent += further;
            counts->inDoubt += further;
        }
    }
}

/// A consumer that was not told of the run, for it had just come, stores its events all the same.
void LedgerClosing::countOthers(core::Ledger& ledger) {
    const core::ConsumerCounts& consumer = ledger.consumer;
    const std::uint64_t own = consumer.stored - std::min(consumer.stored, consumer.foreign);
    const std::uint64_t rows = m_parts.account.stored();
    if (rows <= own) {
        return;
    }
    ledger.consumer.polled += rows - own;
    ledger.consumer.stored += rows - own;
    m_mailbox.mark(
        {.kind = core::MarkKind::Warning,
         .detail = fmt::format("{} stored by consumers that did not know of the run yet",
                               rows - own == 1 ? "1 event was" : core::countText(rows - own) + " events were"),
         .end = core::End::Store});
}

/// Nothing was counted here: the store is asked for every id, if there is one.
void LedgerClosing::closeByStore(core::RunResult& result, const core::ConsumerSettings& consumer,
                                 std::uint64_t undrained) {
    core::Ledger& ledger = result.ledger;
    if (m_parts.consumers->account() == Consumption::Account::Stored) {
        const auto counts = audited(consumer)
                                ? m_store.ask([this](core::Store& store) { return store.runCounts(m_parts.head.id); },
                                              Clock::now() + kAuditLimit)
                                : std::nullopt;
        if (counts && *counts) {
            ledger.consumer = **counts;
            if (m_parts.fleet) {
                adoptUnreported(result);
            }
            closeLedger(ledger, m_parts.account.close(), undrained);
        } else if (!m_facts.unreachable) {
            m_facts.unreachable = "The store did not answer what it holds of the run, so nobody knows whether anything "
                                  "is lost";
        }
    }
    if (!m_facts.identityViolation) {
        m_facts.identityViolation = ledger.violation(true);
    }
}

/// What the consumers' transactions counted; nothing where the store gives no answer, or not in time.
std::optional<core::ConsumerCounts> LedgerClosing::countsOfStore(core::Instant until) {
    if (!m_parts.consumers->left()) {
        return std::nullopt; // they go on while consumers are at work
    }
    const auto counts = m_store.ask([this](core::Store& store) { return store.runCounts(m_parts.head.id); }, until);
    if (!counts) {
        return std::nullopt;
    }
    if (!*counts && !m_facts.unreachable) {
        m_facts.unreachable = counts->error().text();
    }
    return *counts ? std::optional(**counts) : std::nullopt;
}

/// The run's rows by the events' due times, a stretch per question, so that none takes long. Nothing: nobody else could
/// have removed any, or the store does not answer, which is told.
std::optional<std::uint64_t> LedgerClosing::rowsOfStore() {
    constexpr auto kStretch = 5min;
    const core::RunIdentity& run = m_parts.head.identity;
    const core::WallTime end = m_parts.head.clocks.wallOf(Clock::now()) + 1s;
    std::uint64_t sum = 0;
    for (core::WallTime from = run.from; from < end; from += kStretch) {
        const auto until = std::min<core::WallTime>(from + kStretch, end);
        const auto rows = m_store.ask(
            [&run, from, until](core::Store& store) { return store.rowsOf(run, from, until); }, Clock::now());
        if (!rows || !*rows || !**rows) {
            if (rows && !*rows) {
                m_mailbox.mark({.kind = core::MarkKind::Warning,
                                .detail = "Whether all rows are still there is not known: " + rows->error().text(),
                                .end = core::End::Store});
            }
            return std::nullopt;
        }
        sum += ***rows;
    }
    return sum;
}

/// As many of the run's rows as were committed. False: fewer, which is a cause, or nobody knows.
bool LedgerClosing::storeHoldsItsRows() {
    const std::uint64_t committed = m_parts.account.stored();
    const auto rows = rowsOfStore();
    m_rowsAreGone = rows && *rows < committed;
    if (m_rowsAreGone && m_facts.cause.empty()) {
        m_facts.cause = fmt::format("{} of the {} rows that were committed are in log_events: somebody has deleted "
                                    "rows, or a trigger or a rule drops them",
                                    core::countText(*rows), core::countText(committed));
    }
    return rows == committed;
}

/// The store was asked for each id of the run, and the account knows what it answered.
bool LedgerClosing::audited(const core::ConsumerSettings& consumer) {
    const bool holdsDeadLetters =
        consumer.by == core::ConsumedBy::Millrace && consumer.deadLetters != core::ConsumerSettings::DeadLetters::Topic;
    const auto audited = m_store.ask(
        [this, holdsDeadLetters](core::Store& store) {
            return m_parts.account.audit(store, m_parts.head.identity, holdsDeadLetters);
        },
        Clock::now() + kAuditLimit);
    return audited && *audited;
}

/// What is missing is asked of the store before it is called lost; where the consumers' counts may differ from what the
/// store holds or do differ from its own, it has the last word.
core::IdCounts LedgerClosing::closeAccount(core::Ledger& ledger, const std::optional<core::ConsumerCounts>& stored,
                                           const core::ConsumerSettings& consumer, std::uint64_t undrained) {
    const bool storeDecides = m_parts.consumers->storeDecides();
    const bool differ = stored && difference(ledger.consumer, *stored);
    core::IdCounts ids = m_parts.account.close();
    if (ids.lost <= undrained && ids.doubled == 0 && !storeDecides && !m_rowsAreGone && !differ) {
        return ids;
    }
    if (!stored || !audited(consumer)) { // without its counts it does not answer, or is still busy with another call
        if (!m_facts.unreachable) {
            m_facts.unreachable = "The store did not answer what it holds of the run, so nobody knows whether anything "
                                  "is lost";
        }
        ids.lost = ids.doubled = ids.unexpected = 0; // nothing of it can be proved
        return ids;
    }
    if (storeDecides) {
        const std::uint64_t abandoned = std::exchange(ledger.consumer, *stored).abandoned;
        ledger.consumer.abandoned = abandoned;
    }
    ids = m_parts.account.close();
    if (ids.lost > undrained && stored->duplicateStore > 0 && m_facts.cause.empty()) {
        m_facts.cause = "rows that PostgreSQL did not insert are no duplicates: a trigger or a rule drops them";
    }
    return ids;
}

} // namespace services
