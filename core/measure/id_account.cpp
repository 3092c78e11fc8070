// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/measure/id_account.h"

namespace core {

void IdAccount::delivered(std::uint64_t sequence, Delivery delivery) {
    switch (delivery) {
    case Delivery::Acked:
        m_acked.insert(sequence);
        return;
    case Delivery::Failed:
        m_failed.insert(sequence);
        return;
    case Delivery::InDoubt:
        m_inDoubt.insert(sequence);
        return;
    }
}

void IdAccount::stored(std::uint64_t sequence) {
    if (!m_stored.insert(sequence)) {
        ++m_doubled;
    }
}

void IdAccount::deadLettered(std::uint64_t sequence) {
    m_deadLettered.insert(sequence);
}

void IdAccount::refused(std::uint64_t sequence) {
    m_deadLettered.insert(sequence);
    m_refused.insert(sequence);
}

void IdAccount::duplicate(std::uint64_t) {
    ++m_duplicates;
}

void IdAccount::forgetStored() {
    m_stored = {};
    m_doubled = 0;
}

void IdAccount::forgetDeadLettered() {
    m_deadLettered = {};
}

std::uint64_t IdAccount::adoptUnreported() {
    SequenceSet told = m_acked;
    told.add(m_failed);
    told.add(m_inDoubt);
    const SequenceSet found = accounted();
    const std::uint64_t unreported = found.sizeOfDifference(told);
    for (const std::uint64_t sequence : found.difference(told, unreported)) {
        m_inDoubt.insert(sequence);
    }
    return unreported;
}

IdCounts IdAccount::close() const {
    IdCounts counts;
    counts.refused = m_refused.size();
    auto fate = accounted();
    counts.lost = m_acked.sizeOfDifference(fate);
    fate.add(m_acked);
    counts.missing = m_inDoubt.sizeOfDifference(fate);
    counts.doubled = m_doubled;
    // Stored ids that were never acked, by what was reported instead: size(x ∩ stored \ known) = size(x \ known) less
    // size(x \ known \ stored), with the two subtrahends in one set.
    auto known = m_acked;
    const auto storedOf = [this, &known](const SequenceSet& reported) {
        auto either = known;
        either.add(m_stored);
        return reported.sizeOfDifference(known) - reported.sizeOfDifference(either);
    };
    counts.recovered = storedOf(m_inDoubt);
    known.add(m_inDoubt);
    counts.unexpected = storedOf(m_failed);
    return counts;
}

std::vector<std::uint64_t> IdAccount::lostSequences(std::size_t limit) const {
    return m_acked.difference(accounted(), limit);
}

SequenceSet IdAccount::accounted() const {
    auto sum = m_stored;
    sum.add(m_deadLettered);
    return sum;
}

std::size_t IdAccount::memory() const {
    return m_acked.memory() + m_failed.memory() + m_inDoubt.memory() + m_stored.memory() + m_deadLettered.memory() +
           m_refused.memory();
}

} // namespace core
