// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/measure/fate.h"
#include "core/measure/ledger.h"
#include "core/measure/sequence_set.h"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace core {

/// What became of one stream's ids. An injected duplicate shares its original's id, so an id counts as acked if any
/// copy of it was, and as in doubt only if none was. Not synchronised.
class IdAccount {
public:
    void delivered(std::uint64_t sequence, Delivery delivery);
    void stored(std::uint64_t sequence); ///< a row was written; a second time: doubled
    void deadLettered(std::uint64_t sequence);
    void refused(std::uint64_t sequence); ///< dead-lettered, and not because it was sent unreadable
    /// Only counted: that somebody took the event for a duplicate does not prove that it is stored.
    void duplicate(std::uint64_t sequence);

    /// The counts as of now. `lost` is before undrained events are taken off; reordered and undrained are not known
    /// here.
    IdCounts close() const;
    std::vector<std::uint64_t> lostSequences(std::size_t limit) const; ///< the first of them

    const SequenceSet& acked() const { return m_acked; }
    const SequenceSet& failed() const { return m_failed; }
    const SequenceSet& inDoubt() const { return m_inDoubt; }
    const SequenceSet& stored() const { return m_stored; }
    /// Stored or dead-lettered ids of which no delivery was told count as in doubt from now on; how many those are.
    std::uint64_t adoptUnreported();
    std::uint64_t duplicates() const { return m_duplicates; }
    void forgetStored(); ///< it is told anew, by the store
    void forgetDeadLettered();
    /// Ids reported acked before the process was killed, from the journal.
    void restoreAcked(std::uint64_t from, std::uint64_t until) { m_acked.insertRange(from, until); }
    std::size_t memory() const;

private:
    SequenceSet accounted() const; // stored or dead-lettered

    SequenceSet m_acked, m_failed, m_inDoubt, m_stored, m_deadLettered, m_refused;
    std::uint64_t m_doubled = 0;
    std::uint64_t m_duplicates = 0;
};

} // namespace core
