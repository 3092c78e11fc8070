// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/measure/sequence_set.h"

#include <algorithm>
#include <bit>
#include <cassert>
#include <iterator>

namespace core {

namespace {

constexpr std::size_t kWords = SequenceSet::kChunk / 64;
constexpr std::size_t kMostStretches = 512; // 4 KiB; above, the bits' 8 KiB are cheaper to keep up to date
constexpr std::size_t kFewStretches = 256;  // below the other, so that a chunk does not go to and fro

/// The bits [from, until) of one word.
std::uint64_t mask(std::uint32_t from, std::uint32_t until) {
    const auto upTo = until >= 64 ? ~0ULL : (1ULL << until) - 1;
    return upTo & (~0ULL << from);
}

/// Insertions after which to look whether stretches would do: fewer as the chunk fills up, since it is then that few
/// gaps are left.
std::uint32_t foldDistance(std::uint32_t size) {
    return std::clamp((static_cast<std::uint32_t>(SequenceSet::kChunk) - size) / 8, 64U, 4'096U);
}

} // namespace

bool SequenceSet::Chunk::contains(std::uint32_t place) const {
    if (!bits.empty()) {
        return ((bits[place / 64] >> (place % 64)) & 1U) != 0;
    }
    const auto after = std::upper_bound(stretches.begin(), stretches.end(), place,
                                        [](std::uint32_t at, const Stretch& stretch) { return at < stretch.from; });
    return after != stretches.begin() && std::prev(after)->until > place;
}

std::uint32_t SequenceSet::Chunk::insert(Stretch stretch) {
    assert(stretch.from < stretch.until && stretch.until <= kChunk);
    const auto added = bits.empty() ? insertIntoStretches(stretch) : insertIntoBits(stretch);
    size += added;
    if (bits.empty()) {
        if (stretches.size() > kMostStretches) {
            unfold();
        }
        return added;
    }
    untilFold -= std::min(untilFold, added);
    if (untilFold == 0) {
        fold();
    }
    return added;
}

std::uint32_t SequenceSet::Chunk::insertIntoStretches(Stretch stretch) {
    const auto length = stretch.until - stretch.from;
    // In order: the last stretch grows.
    if (!stretches.empty() && stretches.back().until == stretch.from) {
        stretches.back().until = stretch.until;
        return length;
    }
    const auto first = std::lower_bound(stretches.begin(), stretches.end(), stretch.from,
                                        [](const Stretch& known, std::uint32_t at) { return known.until < at; });
    auto last = first; // [first, last) touch the new one and become one with it
    std::uint32_t known = 0;
    auto merged = stretch;
    for (; last != stretches.end() && last->from <= stretch.until; ++last) {
        const auto from = std::max(last->from, stretch.from);
        const auto until = std::min(last->until, stretch.until);
        known += until > from ? until - from : 0;
        merged = {std::min(merged.from, last->from), std::max(merged.until, last->until)};
    }
    if (first == last) {
        stretches.insert(first, merged);
    } else {
        *first = merged;
        stretches.erase(std::next(first), last);
        if (stretches.capacity() > 16 && stretches.size() < stretches.capacity() / 2) {
            stretches.shrink_to_fit();
        }
    }
    return length - known;
}

std::uint32_t SequenceSet::Chunk::insertIntoBits(Stretch stretch) {
    std::uint32_t added = 0;
    for (auto place = stretch.from; place < stretch.until;) {
        auto& word = bits[place / 64];
        const auto wordStart = place - place % 64;
        const auto wanted = mask(place % 64, std::min(stretch.until - wordStart, 64U));
        added += static_cast<std::uint32_t>(std::popcount(wanted & ~word));
        word |= wanted;
        place = wordStart + 64;
    }
    return added;
}

std::optional<SequenceSet::Stretch> SequenceSet::Chunk::next(std::uint32_t from) const {
    if (bits.empty()) {
        const auto found = std::lower_bound(stretches.begin(), stretches.end(), from,
                                            [](const Stretch& known, std::uint32_t at) { return known.until <= at; });
        if (found == stretches.end()) {
            return std::nullopt;
        }
        return Stretch{std::max(found->from, from), found->until};
    }
    // The first place at or after `at` whose bit, turned over by `flip`, is set.
    const auto search = [this](std::uint32_t at, std::uint64_t flip) {
        for (auto word = static_cast<std::size_t>(at / 64); word < kWords; ++word, at = 0) {
            const auto rest = (bits[word] ^ flip) & (~0ULL << (at % 64));
            if (rest != 0) {
                return static_cast<std::uint32_t>(word * 64) + static_cast<std::uint32_t>(std::countr_zero(rest));
            }
        }
        return static_cast<std::uint32_t>(kChunk);
    };
    const auto start = search(from, 0);
    if (start == kChunk) {
        return std::nullopt;
    }
    return Stretch{start, search(start, ~0ULL)};
}

void SequenceSet::Chunk::unfold() {
    const auto known = std::move(stretches);
    stretches = {};
    bits.assign(kWords, 0);
    for (const auto& stretch : known) {
        insertIntoBits(stretch);
    }
    untilFold = foldDistance(size);
}

void SequenceSet::Chunk::fold() {
    untilFold = foldDistance(size);
    std::size_t starts = 0;
    std::uint64_t carry = 0; // the bit before the word
    for (const auto word : bits) {
        starts += static_cast<std::size_t>(std::popcount(word & ~((word << 1U) | carry)));
        carry = word >> 63U;
    }
    if (starts > kFewStretches) {
        return;
    }
    std::vector<Stretch> found;
    found.reserve(starts);
    for (auto stretch = next(0); stretch; stretch = next(stretch->until)) {
        found.push_back(*stretch);
        if (stretch->until == kChunk) {
            break;
        }
    }
    std::vector<std::uint64_t>().swap(bits); // `= {}` would keep the memory
    stretches = std::move(found);
}

} // namespace core
