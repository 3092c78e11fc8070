// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <utility>
#include <vector>

namespace core {

/// A set of sequence numbers that fill up roughly in order. It is cut into chunks of 65,536: neighbouring full chunks
/// are one entry, a chunk of few stretches (a few members, or nearly all) is kept as these, any other as bits. So a
/// long run costs what its gaps cost, and no operation unfolds what is full. Not synchronised.
class SequenceSet {
public:
    bool insert(std::uint64_t sequence); ///< true if it was new
    bool contains(std::uint64_t sequence) const;
    std::uint64_t size() const { return m_size; }
    void insertRange(std::uint64_t from, std::uint64_t until); ///< half-open
    void add(const SequenceSet& other);

    std::uint64_t sizeOfDifference(const SequenceSet& other) const; ///< members of this that `other` lacks
    std::uint64_t sizeOfIntersection(const SequenceSet& other) const;
    /// Members of this that `other` lacks, the first `limit` of them, ascending.
    std::vector<std::uint64_t> difference(const SequenceSet& other, std::size_t limit) const;

    /// Maximal runs, half-open, ascending.
    std::vector<std::pair<std::uint64_t, std::uint64_t>> intervals() const;

    std::size_t memory() const; ///< bytes held, about

    bool operator==(const SequenceSet& other) const;

    static constexpr std::uint64_t kChunk = 1U << 16U;

private:
    struct Stretch { // half-open, within a chunk
        std::uint32_t from = 0;
        std::uint32_t until = 0;
        bool operator==(const Stretch&) const = default;
    };

    /// Part of a chunk, neither empty nor full. Either form; the bits where they are fewer bytes.
    struct Chunk {
        std::vector<Stretch> stretches; // ascending, apart from each other; empty if there are bits
        std::vector<std::uint64_t> bits;
        std::uint32_t size = 0;
        std::uint32_t untilFold = 0; // insertions into the bits until it is worth looking whether stretches would do

        bool contains(std::uint32_t place) const;
        std::uint32_t insert(Stretch stretch);                 // how many were new
        std::optional<Stretch> next(std::uint32_t from) const; // the first stretch at or after `from`, cut at `from`

    private:
        std::uint32_t insertIntoStretches(Stretch stretch);
        std::uint32_t insertIntoBits(Stretch stretch);
        void unfold();
        void fold();
    };

    /// Walks the maximal runs.
    class Runs {
    public:
        explicit Runs(const SequenceSet& set) : m_set(set) { advance(); }
        bool done() const { return m_from == m_until; }
        std::uint64_t from() const { return m_from; }
        std::uint64_t until() const { return m_until; }
        void advance();

    private:
        std::optional<std::pair<std::uint64_t, std::uint64_t>> pieceFrom(std::uint64_t position) const;

        const SequenceSet& m_set;
        std::uint64_t m_from = 0;
        std::uint64_t m_until = 0;
    };

    bool inFull(std::uint64_t chunk) const;
    void fillChunks(std::uint64_t from, std::uint64_t until); // numbers of chunks, half-open
    void insertIntoChunk(std::uint64_t chunk, Stretch stretch);

    /// Calls take(from, until) for the parts of this that `other` lacks, until it answers false.
    template <typename Take>
    void eachDifference(const SequenceSet& other, const Take& take) const;

    std::map<std::uint64_t, std::uint64_t> m_full; // runs of full chunks: first number, number after the last
    std::map<std::uint64_t, Chunk> m_partial;
    std::uint64_t m_size = 0;
};

} // namespace core
