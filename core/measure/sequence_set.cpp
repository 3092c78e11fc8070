// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/measure/sequence_set.h"

#include <algorithm>
#include <cassert>
#include <iterator>

namespace core {

// --- the set as a map of chunks ---------------------------------------------------------------------------------

bool SequenceSet::insert(std::uint64_t sequence) {
    const auto before = m_size;
    const auto place = static_cast<std::uint32_t>(sequence % kChunk);
    insertIntoChunk(sequence / kChunk, {place, place + 1});
    return m_size != before;
}

bool SequenceSet::contains(std::uint64_t sequence) const {
    const auto found = m_partial.find(sequence / kChunk);
    if (found != m_partial.end()) {
        return found->second.contains(static_cast<std::uint32_t>(sequence % kChunk));
    }
    return inFull(sequence / kChunk);
}

void SequenceSet::insertRange(std::uint64_t from, std::uint64_t until) {
    while (from < until) {
        const auto chunk = from / kChunk;
        const auto start = chunk * kChunk;
        if (from == start && until - start >= kChunk) {
            const auto end = until / kChunk;
            fillChunks(chunk, end);
            from = end * kChunk;
            continue;
        }
        const auto stop = std::min(until - start, kChunk);
        insertIntoChunk(chunk, {static_cast<std::uint32_t>(from - start), static_cast<std::uint32_t>(stop)});
        from = start + stop;
    }
}

void SequenceSet::add(const SequenceSet& other) {
    for (Runs run(other); !run.done(); run.advance()) {
        insertRange(run.from(), run.until());
    }
}

bool SequenceSet::inFull(std::uint64_t chunk) const {
    const auto after = m_full.upper_bound(chunk);
    return after != m_full.begin() && std::prev(after)->second > chunk;
}

void SequenceSet::fillChunks(std::uint64_t from, std::uint64_t until) {
    std::uint64_t known = 0;
    const auto partials = m_partial.lower_bound(from);
    auto partial = partials;
    for (; partial != m_partial.end() && partial->first < until; ++partial) {
        known += partial->second.size;
    }
    m_partial.erase(partials, partial);

    auto first = from;
    auto last = until;
    auto run = m_full.upper_bound(from);
    if (run != m_full.begin() && std::prev(run)->second >= from) {
        --run;
    }
    while (run != m_full.end() && run->first <= until) {
        const auto overlapFrom = std::max(run->first, from);
        const auto overlapUntil = std::min(run->second, until);
        known += overlapUntil > overlapFrom ? (overlapUntil - overlapFrom) * kChunk : 0;
        first = std::min(first, run->first);
        last = std::max(last, run->second);
        run = m_full.erase(run);
    }
    m_full.emplace_hint(run, first, last);
    m_size += (until - from) * kChunk - known;
}

void SequenceSet::insertIntoChunk(std::uint64_t chunk, Stretch stretch) {
    auto found = m_partial.find(chunk);
    if (found == m_partial.end()) {
        if (inFull(chunk)) {
            return;
        }
        found = m_partial.try_emplace(chunk).first;
    }
    m_size += found->second.insert(stretch);
    if (found->second.size == kChunk) {
        m_size -= kChunk; // fillChunks() counts it anew
        found->second.size = 0;
        fillChunks(chunk, chunk + 1);
    }
}

std::size_t SequenceSet::memory() const {
    constexpr std::size_t kNode = 4 * sizeof(void*); // of a red-black tree
    auto bytes = sizeof(*this) + m_full.size() * (kNode + 2 * sizeof(std::uint64_t));
    for (const auto& [number, chunk] : m_partial) {
        bytes += kNode + sizeof(number) + sizeof(chunk) + chunk.stretches.capacity() * sizeof(Stretch) +
                 chunk.bits.capacity() * sizeof(std::uint64_t);
    }
    return bytes;
}

// --- sets against each other ------------------------------------------------------------------------------------

std::optional<std::pair<std::uint64_t, std::uint64_t>> SequenceSet::Runs::pieceFrom(std::uint64_t position) const {
    auto chunk = position / kChunk;
    auto place = static_cast<std::uint32_t>(position % kChunk);
    auto full = m_set.m_full.upper_bound(chunk);
    if (full != m_set.m_full.begin() && std::prev(full)->second > chunk) {
        return std::pair(position, std::prev(full)->second * kChunk);
    }
    for (auto partial = m_set.m_partial.lower_bound(chunk);
         partial != m_set.m_partial.end() && (full == m_set.m_full.end() || partial->first < full->first); ++partial) {
        const auto start = partial->first * kChunk;
        if (const auto stretch = partial->second.next(partial->first == chunk ? place : 0)) {
            return std::pair(start + stretch->from, start + stretch->until);
        }
    }
    if (full == m_set.m_full.end()) {
        return std::nullopt;
    }
    return std::pair(full->first * kChunk, full->second * kChunk);
}

void SequenceSet::Runs::advance() {
    auto piece = pieceFrom(m_until);
    m_from = piece ? piece->first : m_until;
    while (piece && (piece->first == m_from || piece->first == m_until)) {
        m_until = piece->second;
        piece = pieceFrom(m_until);
    }
}

template <typename Take>
void SequenceSet::eachDifference(const SequenceSet& other, const Take& take) const {
    Runs theirs(other);
    for (Runs ours(*this); !ours.done(); ours.advance()) {
        auto position = ours.from();
        while (position < ours.until()) {
            while (!theirs.done() && theirs.until() <= position) {
                theirs.advance();
            }
            const auto gapEnd = theirs.done() ? ours.until() : std::min(theirs.from(), ours.until());
            if (gapEnd > position && !take(position, gapEnd)) {
                return;
            }
            position = theirs.done() ? ours.until() : std::max(gapEnd, theirs.until());
        }
    }
}

std::uint64_t SequenceSet::sizeOfDifference(const SequenceSet& other) const {
    std::uint64_t size = 0;
    eachDifference(other, [&size](std::uint64_t from, std::uint64_t until) {
        size += until - from;
        return true;
    });
    return size;
}

std::uint64_t SequenceSet::sizeOfIntersection(const SequenceSet& other) const {
    return m_size - sizeOfDifference(other);
}

std::vector<std::uint64_t> SequenceSet::difference(const SequenceSet& other, std::size_t limit) const {
    std::vector<std::uint64_t> members;
    eachDifference(other, [&members, limit](std::uint64_t from, std::uint64_t until) {
        for (; from < until && members.size() < limit; ++from) {
            members.push_back(from);
        }
        return members.size() < limit;
    });
    return members;
}

std::vector<std::pair<std::uint64_t, std::uint64_t>> SequenceSet::intervals() const {
    std::vector<std::pair<std::uint64_t, std::uint64_t>> found;
    for (Runs run(*this); !run.done(); run.advance()) {
        found.emplace_back(run.from(), run.until());
    }
    return found;
}

bool SequenceSet::operator==(const SequenceSet& other) const {
    return m_size == other.m_size && sizeOfDifference(other) == 0;
}

} // namespace core
