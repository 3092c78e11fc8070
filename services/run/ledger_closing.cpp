// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/run/ledger_closing.h"

#include "core/text/figure_text.h"
#include "services/run/run_result.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <utility>

namespace services {

using namespace std::chrono_literals;

namespace {

using Clock = std::chrono::steady_clock;

constexpr core::Nanoseconds kAuditLimit = 10s; // for the store to answer

} // namespace

void LedgerClosing::close(core::Ledger& ledger, const core::ConsumerSettings& consumer, std::uint64_t undrained,
                          core::Instant until) {
    const std::optional<core::ConsumerCounts> counts = countsOfStore(until);
    const bool rowsAreThere = counts && storeHoldsItsRows();
    const core::IdCounts ids = closeAccount(ledger, counts, consumer, undrained);
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
    const bool holdsDeadLetters = consumer.deadLetters != core::ConsumerSettings::DeadLetters::Topic;
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
    const bool storeDecides = m_parts.pipeline->consumers().storeDecides();
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
