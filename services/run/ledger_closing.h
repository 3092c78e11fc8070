// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/measure/ledger.h"
#include "core/scenario/scenario.h"
#include "core/units.h"
#include "core/verdict/verdict.h"
#include "services/run/awaited_store.h"
#include "services/run/run_mailbox.h"
#include "services/run/run_parts.h"

#include <cstdint>
#include <optional>

namespace services {

/// Closes a run's ledger against what the store holds: the consumers' counts, the rows, and where these leave a doubt,
/// each id. For once, when the consumers have left. What it uses outlives it.
class LedgerClosing {
public:
    /// What is found wrong is added to `facts`.
    LedgerClosing(RunParts& parts, AwaitedStore& store, RunMailbox& mailbox, core::RunFacts& facts)
        : m_parts(parts), m_store(store), m_mailbox(mailbox), m_facts(facts) {}

    /// `undrained` messages were not stored before the end of the log. The store has until `until` for its first
    /// answer.
    void close(core::RunResult& result, const core::ConsumerSettings& consumer, std::uint64_t undrained,
               core::Instant until);

private:
    std::optional<core::ConsumerCounts> countsOfStore(core::Instant until);
    std::optional<std::uint64_t> rowsOfStore();
    bool storeHoldsItsRows();
    void closeByStore(core::RunResult& result, const core::ConsumerSettings& consumer, std::uint64_t undrained);
    bool audited(const core::ConsumerSettings& consumer);
    void doubtUntold(core::RunResult& result);
    void adoptUnreported(core::RunResult& result);
    void countOthers(core::Ledger& ledger);
    core::IdCounts closeAccount(core::Ledger& ledger, const std::optional<core::ConsumerCounts>& stored,
                                const core::ConsumerSettings& consumer, std::uint64_t undrained);

    RunParts& m_parts;
    AwaitedStore& m_store;
    RunMailbox& m_mailbox;
    core::RunFacts& m_facts;
    bool m_rowsAreGone = false; // of the store
};

} // namespace services
