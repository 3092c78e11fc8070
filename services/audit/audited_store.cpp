// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/audit/audited_store.h"

#include <fmt/format.h>

namespace services {

core::Status AuditedStore::eachId(const core::RunIdentity& run,
                                  const std::function<void(const core::StoredId&)>& take) {
    core::ConsumerCounts counts;
    const core::Status read = m_rows->each(
        [&](const core::AuditedRow& row) {
            const bool own = row.id && run.own(*row.id);
            counts.stored += own || row.added ? 1 : 0;
            counts.foreign += !own && row.added ? 1 : 0;
            if (own) {
                take({*row.id});
            }
        },
        m_stop);
    counts.polled = counts.stored;
    m_counts = counts;
    return read;
}

std::vector<std::pair<std::string, std::string>> AuditedStore::facts() {
    auto facts = m_rows->serverFacts();
    facts.emplace_back("table", m_rows->facts().table);
    facts.emplace_back("stored at", nameOf(m_rows->facts().storedAt));
    return facts;
}

core::Error AuditedStore::notOurs() const {
    return core::refused(fmt::format("{}: table {} is somebody else's: nothing is written to it.", m_rows->describe(),
                                     m_rows->facts().table));
}

} // namespace services
